using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models.Clip;

/// <summary>The models against transformers 4.27.1; their weights are made again from their seeds.</summary>
public sealed class ClipParityTests(ITestOutputHelper output)
{
    [Fact]
    public void AFreshModelHasPythonsFirstValues()
    {
        using var scope = NewDisposeScope();
        using var model = ClipTextModel.FromConfig(ClipTextConfig.FromJson(Goldens.Config("cliptext_sd1_quickgelu")), Goldens.Seed("cliptext_sd1_quickgelu"));
        Goldens.Perturb(model, Goldens.Seed("cliptext_sd1_quickgelu"));
        var stored = SafetensorsFile.Read(Goldens.PathOf("models/cliptext_sd1_quickgelu/model.safetensors"));

        Assert.Equal(stored.Keys.Where(name => !name.EndsWith("position_ids", System.StringComparison.Ordinal)).Order(), model.state_dict().Keys.Order());
        Assert.All(model.named_parameters(), named => Assert.InRange((named.parameter - stored[named.name]).abs().max().item<float>(), 0, 1e-7f));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheTowerWithProjectionEqualsTransformers(bool records)
    {
        using var scope = NewDisposeScope();
        using var grad = set_grad_enabled(records);
        using var model = ClipTextModelWithProjection.FromConfig(ClipTextConfig.FromJson(Goldens.Config("cliptextproj_sdxl")), Goldens.Seed("cliptextproj_sdxl"));
        Goldens.Perturb(model, Goldens.Seed("cliptextproj_sdxl"));
        var io = Goldens.Io("cliptextproj_sdxl");
        var result = model.Forward(io["in.input_ids"], hiddenStates: true);

        Close(result.LastHiddenState, "last_hidden_state");
        Close(result.TextEmbeds!, "text_embeds");
        Assert.Equal(4, result.HiddenStates.Count);
        for (var i = 0; i < 4; i++)
            Close(result.HiddenStates[i], $"hidden_states.{i}");
        Close(model.Forward(io["in.input_ids"], io["in.attention_mask"]).LastHiddenState, "last_hidden_state_masked");
        Close(model.Forward(io["in.input_ids_short"]).LastHiddenState, "last_hidden_state_short");
        Close(model.Encode(model.Embed(io["in.input_ids"]), ClipLayer.Skipped(1)).Values, "clip_skip1_normed");
        Close(model.Encode(model.Embed(io["in.input_ids"]), ClipLayer.Penultimate).Values, "hidden_states.2");

        void Close(Tensor actual, string name) => Goldens.AssertClose(actual, io["out." + name], name, output);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheWholeModelEqualsTransformers(bool records)
    {
        using var scope = NewDisposeScope();
        using var grad = set_grad_enabled(records);
        using var model = ClipModel.FromConfig(ClipConfig.FromJson(Goldens.Config("clipmodel")), Goldens.Seed("clipmodel"));
        Goldens.Perturb(model, Goldens.Seed("clipmodel"));
        using (no_grad())
            model.LogitScale.fill_(1.3); // as it was recorded, so that a scale of 1 would show
        var io = Goldens.Io("clipmodel");
        var result = model.call(io["in.input_ids"], io["in.pixel_values"]);
        var (text, image) = (model.Text(io["in.input_ids"]), model.Image(io["in.pixel_values"]));

        Close(result.TextEmbeds, "text_embeds");
        Close(result.ImageEmbeds, "image_embeds");
        Close(result.LogitsPerText, "logits_per_text");
        Close(result.LogitsPerImage, "logits_per_image");
        Close(model.TextFeatures(io["in.input_ids"]), "text_features");
        Close(model.ImageFeatures(io["in.pixel_values"]), "image_features");
        Close(model.Similarity(3 * model.TextFeatures(io["in.input_ids"]), model.ImageFeatures(io["in.pixel_values"])), "logits_per_text");
        Close(text.LastHiddenState, "text_last_hidden_state");
        Close(text.PoolerOutput, "text_pooler_output");
        Close(image.LastHiddenState, "vision_last_hidden_state");
        Close(image.PoolerOutput, "vision_pooler_output");

        void Close(Tensor actual, string name) => Goldens.AssertClose(actual, io["out." + name], name, output);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("pytorch_model.bin")]
    public void AStoredModelIsRead(string file)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var folder = Directory.CreateTempSubdirectory("clip-");
        try
        {
            foreach (var name in new[] { file, "config.json" })
                File.Copy(Goldens.PathOf("models/cliptext_sd1_quickgelu/" + name), Path.Combine(folder.FullName, name));
            using var model = ClipTextModel.FromPretrained(folder.FullName);
            var io = Goldens.Io("cliptext_sd1_quickgelu");

            Assert.False(model.training);
            Goldens.AssertClose(model.forward(io["in.input_ids"]).LastHiddenState, io["out.last_hidden_state"], file, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
