using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Weights;
using Diffusion.Runtime.Weights.Original;
using Diffusion.Tests.Models;
using static TorchSharp.torch;
using SafetensorsFile = Diffusion.Runtime.Weights.Safetensors.SafetensorsFile;

namespace Diffusion.Tests.Weights.Original;

/// <summary>Small models go to a file in the original layout and come back with the same bits.</summary>
public sealed class SingleFileTests : IDisposable
{
    private readonly WeightsFolder _folder = new();

    private static readonly UNet2DConditionConfig Linear = TinyCondition.Config.WithInChannels(9) with { UseLinearProjection = true, LayersPerBlock = EquatableArray.Of(2) };
    private static readonly UNet2DConditionConfig Deep = TinyCondition.Config.WithBlocks("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D").WithBlockOutChannels(8, 16, 16) with
    {
        TransformerLayersPerBlock = EquatableArray.Of(1, 2, 3),
        AdditionEmbedType = "text_time",
        AdditionTimeEmbedDim = 4,
        ProjectionClassEmbeddingsInputDim = 40,
    };

    private static readonly ClipTextConfig Text = new(VocabSize: 11, HiddenSize: 8, IntermediateSize: 12, ProjectionDim: 6, NumHiddenLayers: 2, MaxPositionEmbeddings: 7, EosTokenId: 2);

    public static TheoryData<string> Kinds => ["sd1", "linear", "xl"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AUNetComesBackWithTheSameBits(string kind)
    {
        using var model = UNet2DConditionModel.FromConfig(ConfigOf(kind), seed: 1);
        using var vae = AutoencoderKL.FromConfig(TinyAutoencoders.Kl, seed: 2);
        SingleFile.Save(_folder.PathOf("model.safetensors"), model, vae);
        using var unetAgain = UNet2DConditionModel.FromSingleFile(_folder.PathOf("model.safetensors"), ConfigOf(kind));
        using var vaeAgain = AutoencoderKL.FromSingleFile(_folder.PathOf("model.safetensors"), TinyAutoencoders.Kl);

        AssertSame(model, unetAgain);
        AssertSame(vae, vaeAgain);
        Assert.False(unetAgain.training || vaeAgain.training);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ShapesTellHowASmallModelIsMade(string kind)
    {
        // What shapes cannot say is the usual here: as many groups and heads as divide the channels.
        var config = ConfigOf(kind).WithHeads(8).WithSampleSize(64) with { NormNumGroups = 8, AdditionTimeEmbedDim = kind == "xl" ? 256 : null };
        using var model = UNet2DConditionModel.FromConfig(config, seed: 1);
        SingleFile.Save(
            _folder.PathOf("model.safetensors"),
            model,
            others: kind == "xl" ? OpenClip("conditioner.embedders.1.model.") : null);
        using var again = UNet2DConditionModel.FromSingleFile(_folder.PathOf("model.safetensors"));

        Assert.Equal(config.WithSampleSize(again.Config.SampleHeight!.Value) with { UpcastAttention = kind == "linear" }, again.Config with { UpcastAttention = kind == "linear" });
        AssertSame(model, again);
    }

    [Fact]
    public void AFileHasTheShapesOfTheOriginalLayout()
    {
        using var vae = AutoencoderKL.FromConfig(TinyAutoencoders.Kl, seed: 2);
        SingleFile.Save(_folder.PathOf("vae.safetensors"), null, vae, ScalarType.Float16);
        using var file = Checkpoint.Open(_folder.PathOf("vae.safetensors"));

        Assert.Equal("first_stage_model.decoder.mid.attn_1.proj_out.weight Float16 [16, 16, 1, 1]", file.Entries.Single(entry => entry.Name.EndsWith("decoder.mid.attn_1.proj_out.weight", StringComparison.Ordinal)).ToString());
        using var scope = NewDisposeScope();
        using var half = AutoencoderKL.FromSingleFile(_folder.PathOf("vae.safetensors"), dtype: ScalarType.Float16);
        Assert.Equal(ScalarType.Float16, half.DType);
        Assert.All(half.state_dict(), pair => Assert.True(pair.Value.equal(vae.state_dict()[pair.Key].to(ScalarType.Float16)).all().item<bool>(), pair.Key));
    }

    [Fact]
    public void MovingAveragesAreTakenWhereAskedFor()
    {
        using var scope = NewDisposeScope();
        using var model = TinyCondition.Model(seed: 1);
        using var average = TinyCondition.Model(seed: 2);
        var names = OriginalNames.UNet(TinyCondition.Config);
        SingleFile.Save(
            _folder.PathOf("model.safetensors"),
            model,
            others: average.state_dict().ToDictionary(pair => "model_ema." + names.ToOriginal(pair.Key)!["model.".Length..].Replace(".", "", StringComparison.Ordinal), pair => pair.Value));
        SingleFile.Save(_folder.PathOf("plain.safetensors"), model);

        using var file = OriginalCheckpoint.Open(_folder.PathOf("model.safetensors"));
        Assert.True(file.Layout.HasEma);
        using var plain = UNet2DConditionModel.FromSingleFile(_folder.PathOf("model.safetensors"), TinyCondition.Config);
        using var ema = UNet2DConditionModel.FromSingleFile(_folder.PathOf("model.safetensors"), TinyCondition.Config, ema: true);
        AssertSame(model, plain);
        AssertSame(average, ema);
        AssertError("DIF0527", "model_ema.diffusion_model", () => UNet2DConditionModel.FromSingleFile(_folder.PathOf("plain.safetensors"), TinyCondition.Config, ema: true));
    }

    [Fact]
    public void ATextEncoderOfTransformersComesBackWithTheSameBits()
    {
        using var scope = NewDisposeScope();
        using var unet = TinyCondition.Model();
        using var text = ClipTextModel.FromConfig(Text, seed: 3);
        var names = OriginalNames.Clip();
        SingleFile.Save(
            _folder.PathOf("model.safetensors"),
            unet,
            others: text.state_dict().ToDictionary(pair => names.ToOriginal(pair.Key)!, pair => pair.Value).Append(new("cond_stage_model.transformer.text_model.embeddings.position_ids", arange(7).unsqueeze(0))).ToDictionary());
        using var again = ClipTextNetwork.FromSingleFile(_folder.PathOf("model.safetensors"));

        AssertSame(text, again);
        Assert.IsType<ClipTextModel>(again);
    }

    [Theory]
    [InlineData("cond_stage_model.model.", false)]
    [InlineData("conditioner.embedders.0.model.", true)]
    public void ATextEncoderOfOpenClipIsTakenApart(string prefix, bool hasProjection)
    {
        using var scope = NewDisposeScope();
        using var unet = TinyCondition.Model();
        var tensors = OpenClip(prefix);
        SingleFile.Save(_folder.PathOf("model.safetensors"), unet, others: tensors);
        using var model = ClipTextNetwork.FromSingleFile(_folder.PathOf("model.safetensors"));
        var state = model.state_dict();
        const string layer = "text_model.encoder.layers.1.self_attn.";

        Assert.Equal(hasProjection, model is ClipTextModelWithProjection);
        foreach (var (kind, from) in new[] { ("q", 0), ("k", 8), ("v", 16) })
        {
            Assert.True(state[$"{layer}{kind}_proj.weight"].equal(tensors[prefix + "transformer.resblocks.1.attn.in_proj_weight"].narrow(0, from, 8)).all().item<bool>());
            Assert.True(state[$"{layer}{kind}_proj.bias"].equal(tensors[prefix + "transformer.resblocks.1.attn.in_proj_bias"].narrow(0, from, 8)).all().item<bool>());
        }

        if (hasProjection)
            Assert.True(state["text_projection.weight"].equal(tensors[prefix + "text_projection"].t()).all().item<bool>());
    }

    [Fact]
    public void APartReadsLikeACheckpointOfItsOwn()
    {
        using var scope = NewDisposeScope();
        using var unet = TinyCondition.Model();
        using var vae = AutoencoderKL.FromConfig(TinyAutoencoders.Kl, seed: 2);
        SingleFile.Save(_folder.PathOf("model.safetensors"), unet, vae, others: OpenClip("conditioner.embedders.0.model."));
        using var file = OriginalCheckpoint.Open(_folder.PathOf("model.safetensors"));
        using var text = file.TextEncoder();
        using var part = file.Vae(TinyAutoencoders.Kl);

        Assert.Equal(vae.state_dict().Keys.Order(StringComparer.Ordinal), part.Entries.Select(entry => entry.Name));
        Assert.All(text.Entries.Concat<TensorEntry>([]), entry => Assert.Equal(entry.Shape, text.Read(entry.Name).shape.ToEquatableArray()));
        Assert.Equal([8L, 6L], [text.Read("text_projection.weight").shape[1], text.Read("text_projection.weight").shape[0]]);
        Assert.Equal(ScalarType.Float64, part.Read("encoder.mid_block.attentions.0.to_q.weight", ScalarType.Float64).dtype);
        Assert.Equal("first_stage_model.encoder.mid.attn_1.q.weight", part.NameInFile("encoder.mid_block.attentions.0.to_q.weight"));
        AssertError("DIF0509", "'quant.weight'", () => part.Read("quant.weight"));
        AssertError("DIF0515", "first_stage_model.quant_conv.bias", () => part.CopyTo("quant_conv.bias", zeros(3)));
        AssertError("DIF0527", "text encoder 1", () => file.TextEncoder(1));
    }

    [Fact]
    public void EveryMissingTensorIsNamedAsTheFileWouldNameIt()
    {
        using var scope = NewDisposeScope();
        using var unet = TinyCondition.Model();
        SingleFile.Save(_folder.PathOf("model.safetensors"), unet);
        var tensors = Tensors("model.safetensors");
        foreach (var name in tensors.Keys.Where(name => name != "model.diffusion_model.input_blocks.0.0.weight"))
        {
            SafetensorsFile.Write(_folder.PathOf("less.safetensors"), tensors.Where(pair => pair.Key != name).ToDictionary());
            var error = Assert.Throws<DiffusionException>(() => UNet2DConditionModel.FromSingleFile(_folder.PathOf("less.safetensors")));
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AForeignAndAMisshapenTensorAreNamedAsTheFileNamesThem()
    {
        using var scope = NewDisposeScope();
        using var vae = AutoencoderKL.FromConfig(TinyAutoencoders.Kl, seed: 2);
        SingleFile.Save(_folder.PathOf("vae.safetensors"), null, vae);
        var tensors = Tensors("vae.safetensors");
        tensors["first_stage_model.encoder.extra.weight"] = zeros(2);
        tensors["first_stage_model.decoder.mid.attn_1.k.weight"] = zeros(16, 16, 3, 3);
        SafetensorsFile.Write(_folder.PathOf("wrong.safetensors"), tensors);

        AssertError(
            "DIF0511",
            "1 unknown to the model (first_stage_model.encoder.extra.weight [2]); 1 different (decoder.mid_block.attentions.0.to_k.weight (in the file first_stage_model.decoder.mid.attn_1.k.weight) is Float32 [16, 16, 3, 3] in the file, Float32 [16, 16] in the model)",
            () => AutoencoderKL.FromSingleFile(_folder.PathOf("wrong.safetensors"), TinyAutoencoders.Kl));
    }

    [Fact]
    public void APartThatIsNotThereIsNamed()
    {
        using var unet = TinyCondition.Model();
        using var vae = AutoencoderKL.FromConfig(TinyAutoencoders.Kl, seed: 2);
        SingleFile.Save(_folder.PathOf("unet.safetensors"), unet);
        SingleFile.Save(_folder.PathOf("vae.safetensors"), null, vae);

        AssertError("DIF0527", "first_stage_model.encoder.conv_in.weight", () => AutoencoderKL.FromSingleFile(_folder.PathOf("unet.safetensors")));
        AssertError("DIF0527", "model.diffusion_model.input_blocks.0.0.weight", () => UNet2DConditionModel.FromSingleFile(_folder.PathOf("vae.safetensors")));
        AssertError("DIF0527", "text encoder 0", () => ClipTextNetwork.FromSingleFile(_folder.PathOf("vae.safetensors")));
        AssertError("DIF0501", "nowhere.ckpt", () => UNet2DConditionModel.FromSingleFile(_folder.PathOf("nowhere.ckpt")));
    }

    [Fact]
    public void AModelThatTheLayoutCannotNameIsNotSaved()
    {
        using var unet = UNet2DConditionModel.FromConfig(TinyCondition.Config with { TimeCondProjDim = 4 }, seed: 0);

        AssertError("DIF0529", "time_embedding.cond_proj.weight", () => SingleFile.Save(_folder.PathOf("model.safetensors"), unet));
    }

    [Fact]
    public void LoadingTellsItsProgressAndStops()
    {
        using var unet = TinyCondition.Model();
        SingleFile.Save(_folder.PathOf("model.safetensors"), unet);
        var told = new Told();
        using var again = UNet2DConditionModel.FromSingleFile(_folder.PathOf("model.safetensors"), TinyCondition.Config, progress: told);

        Assert.Equal(1.0, told.Values[^1]);
        Assert.Equal(told.Values.Order(), told.Values);
        Assert.Throws<OperationCanceledException>(() => UNet2DConditionModel.FromSingleFile(_folder.PathOf("model.safetensors"), TinyCondition.Config, cancellation: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void ATrainingCheckpointIsRead()
    {
        using var unet = TinyCondition.Model();
        SingleFile.Save(_folder.PathOf("model.safetensors"), unet);
        using (var scope = NewDisposeScope())
            LightningFile.Write(_folder, "last.ckpt", Tensors("model.safetensors"), globalStep: 875000);
        using var again = UNet2DConditionModel.FromSingleFile(_folder.PathOf("last.ckpt"), TinyCondition.Config);
        using var file = Checkpoint.Open(_folder.PathOf("last.ckpt"));

        AssertSame(unet, again);
        Assert.Equal("875000", file.Metadata["global_step"]);
    }

    public void Dispose() => _folder.Dispose();

    private static UNet2DConditionConfig ConfigOf(string kind) => kind switch
    {
        "sd1" => TinyCondition.Config,
        "linear" => Linear,
        _ => Deep,
    };

    private static Dictionary<string, Tensor> OpenClip(string prefix) => OriginalFiles.OpenClip(8, 2, prefix).ToDictionary(
        tensor => tensor.Name,
        tensor => TinyAutoencoders.Noise(tensor.Shape is [49408, _] ? [11, 8] : tensor.Name.EndsWith("text_projection", StringComparison.Ordinal) ? [8, 6] : tensor.Shape));

    private Dictionary<string, Tensor> Tensors(string name)
    {
        using var file = Checkpoint.Open(_folder.PathOf(name));

        return file.Entries.ToDictionary(entry => entry.Name, entry => file.Read(entry.Name).clone());
    }

    private static void AssertSame(nn.Module expected, nn.Module actual)
    {
        using var scope = NewDisposeScope();
        var state = actual.state_dict();

        Assert.Equal(expected.state_dict().Keys, state.Keys);
        Assert.All(expected.state_dict(), pair => Assert.True(pair.Value.equal(state[pair.Key]).all().item<bool>(), pair.Key));
    }

    private static void AssertError(string id, string text, Action action)
    {
        var error = Assert.Throws<DiffusionException>(action);
        Assert.StartsWith(id + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private sealed class Told : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }
}
