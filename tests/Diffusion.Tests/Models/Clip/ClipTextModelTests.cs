using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models.Clip;

public sealed class ClipTextModelTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clip-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void ThePresetsHaveTheirParameters()
    {
        using var first = ClipTextModel.FromConfig(ClipTextConfig.StableDiffusion1, LayerOptions.Shapes());
        using var second = ClipTextModel.FromConfig(ClipTextConfig.StableDiffusion2, LayerOptions.Shapes());
        using var large = ClipTextModelWithProjection.FromConfig(ClipTextConfig.StableDiffusionXLSecond, LayerOptions.Shapes());
        using var small = ClipTextModelWithProjection.FromConfig(ClipConfig.VitB32.Text, LayerOptions.Shapes());

        Assert.Equal(123_060_480, first.ParameterCount);
        Assert.Equal(340_387_840, second.ParameterCount);
        Assert.Equal(694_659_840, large.ParameterCount);
        Assert.Equal(63_428_096, small.ParameterCount);
    }

    [Fact]
    public void AModelPrintsAsInPython()
    {
        using var model = ClipTextModelWithProjection.FromConfig(TinyClip.Text, LayerOptions.Shapes());

        Assert.Equal(
            """
            CLIPTextModelWithProjection(
              (text_model): CLIPTextTransformer(
                (embeddings): CLIPTextEmbeddings(
                  (token_embedding): Embedding(40, 16)
                  (position_embedding): Embedding(7, 16)
                )
                (encoder): CLIPEncoder(
                  (layers): ModuleList(
                    (0-1): 2 x CLIPEncoderLayer(
                      (self_attn): CLIPAttention(
                        (k_proj): Linear(in_features=16, out_features=16, bias=True)
                        (v_proj): Linear(in_features=16, out_features=16, bias=True)
                        (q_proj): Linear(in_features=16, out_features=16, bias=True)
                        (out_proj): Linear(in_features=16, out_features=16, bias=True)
                      )
                      (layer_norm1): LayerNorm((16,), eps=1e-05, elementwise_affine=True)
                      (mlp): CLIPMLP(
                        (activation_fn): QuickGELUActivation()
                        (fc1): Linear(in_features=16, out_features=24, bias=True)
                        (fc2): Linear(in_features=24, out_features=16, bias=True)
                      )
                      (layer_norm2): LayerNorm((16,), eps=1e-05, elementwise_affine=True)
                    )
                  )
                )
                (final_layer_norm): LayerNorm((16,), eps=1e-05, elementwise_affine=True)
              )
              (text_projection): Linear(in_features=16, out_features=8, bias=False)
            )

            """.ReplaceLineEndings("\n"),
            model.Print());
    }

    [Fact]
    public void TheVectorOfATextIsThatOfItsEnd()
    {
        using var scope = NewDisposeScope();
        using var model = ClipTextModel.FromConfig(TinyClip.Text);
        using var old = ClipTextModel.FromConfig(TinyClip.Text.WithEosTokenId(2));
        var ids = Ids([1, 39, 2, 39, 3], [1, 5, 6, 2, 39]);
        var (now, then) = (model.forward(ids), old.forward(Ids([1, 30, 2, 30, 3], [1, 5, 6, 2, 3])));

        Assert.Equal([1, 4], model.Embed(ids).Ends);
        Assert.True(now.PoolerOutput[0].Equals(now.LastHiddenState[0, 1]));
        Assert.True(now.PoolerOutput[1].Equals(now.LastHiddenState[1, 4]));
        Assert.True(then.PoolerOutput[0].Equals(then.LastHiddenState[0, 1]));
        Assert.True(then.PoolerOutput[1].Equals(then.LastHiddenState[1, 2]));
        Assert.Empty(now.HiddenStates);
    }

    [Fact]
    public void ATokenDoesNotSeeWhatStandsBehindIt()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = ClipTextModel.FromConfig(TinyClip.Text);
        var one = model.forward(Ids([1, 2, 3, 39, 4])).LastHiddenState;
        var other = model.forward(Ids([1, 2, 3, 39, 9])).LastHiddenState;
        var masked = model.forward(Ids([1, 2, 3, 39, 4]), ones(1, 5, ScalarType.Int64)).LastHiddenState;
        var unseen = model.forward(Ids([1, 2, 3, 39, 4]), zeros(1, 5, ScalarType.Int64)).LastHiddenState;

        Assert.True(one[0, ..4].allclose(other[0, ..4], atol: 1e-6));
        Assert.False(one[0, 4].allclose(other[0, 4], atol: 1e-3));
        Assert.True(masked.allclose(one, atol: 1e-6));
        Assert.True(unseen.isfinite().all().item<bool>());
    }

    [Fact]
    public void SkippedBlocksDoNotChangeWhatIsTaken()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = ClipTextModel.FromConfig(TinyClip.Text);
        var tokens = model.Embed(Ids([1, 2, 39]));
        var whole = model.Forward(Ids([1, 2, 39]), hiddenStates: true);

        Assert.True(model.Encode(tokens).Values.Equals(whole.LastHiddenState));
        Assert.True(model.Encode(tokens, ClipLayer.Penultimate).Values.Equals(whole.HiddenStates[1]));
        Assert.True(model.Encode(tokens, ClipLayer.Last.WithNormalized(false)).Values.Equals(whole.HiddenStates[2]));
        Assert.True(tokens.Values.Equals(whole.HiddenStates[0]));
        Assert.Null(model.Encode(tokens).Pooled);
        Assert.Equal(
            "DIF0405: the number of blocks that are skipped (clip skip) is 2; choose 0 to 1; the encoder has 2 blocks",
            Assert.Throws<DiffusionException>(() => model.Encode(tokens, ClipLayer.Skipped(2))).Message);
    }

    [Fact]
    public void EveryParameterLearns()
    {
        using var scope = NewDisposeScope();
        using var model = ClipTextModelWithProjection.FromConfig(TinyClip.Text.WithAttentionDropout(0.2));
        model.train();
        model.forward(Ids([1, 2, 3, 39], [4, 39, 0, 0])).TextEmbeds!.square().sum().backward();

        Assert.All(model.named_parameters(), named => Assert.True(named.parameter.grad is { } grad && grad.isfinite().all().item<bool>(), named.name));
        model.eval();
        Assert.True(model.forward(Ids([1, 39])).LastHiddenState.Equals(model.forward(Ids([1, 39])).LastHiddenState));
    }

    [Fact]
    public void TokenEmbeddingsTakeGradients()
    {
        using var scope = NewDisposeScope();
        using var model = ClipTextModel.FromConfig(TinyClip.Text);
        var tokens = model.Embed(Ids([1, 2, 39]));
        var learned = tokens.Values.detach().requires_grad_();
        model.Encode(tokens.WithValues(learned)).Values.square().sum().backward();

        Assert.True(learned.grad!.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void ASavedModelIsReadBackAndNamesItsClass()
    {
        using var scope = NewDisposeScope();
        using var model = ClipTextModelWithProjection.FromConfig(TinyClip.Text);
        model.SavePretrained(Path.Combine(_folder.FullName, "text_encoder_2"));
        using var read = ClipTextNetwork.FromPretrained(_folder.FullName, "text_encoder_2");

        Assert.IsType<ClipTextModelWithProjection>(read);
        Assert.Equal(model.Config, read.Config);
        Assert.All(model.named_parameters().Zip(read.named_parameters()), pair => Assert.True(pair.First.parameter.Equals(pair.Second.parameter), pair.First.name));
        Assert.Equal(["config.json", "model.safetensors"], Directory.GetFiles(Path.Combine(_folder.FullName, "text_encoder_2")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void TheTextTowerOfAWholeModelIsFound()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var whole = ClipModel.FromConfig(TinyClip.Whole);
        whole.SavePretrained(_folder.FullName);
        using var text = ClipTextModel.FromPretrained(_folder.FullName);
        using var projected = ClipTextModelWithProjection.FromPretrained(_folder.FullName);
        using var vision = ClipVisionModel.FromPretrained(_folder.FullName);
        using var again = ClipModel.FromPretrained(_folder.FullName, ScalarType.BFloat16);
        var pixels = rand(1, 3, 8, 8);

        Assert.True(text.forward(Ids([1, 39])).PoolerOutput.Equals(whole.Text(Ids([1, 39])).PoolerOutput));
        Assert.True(projected.forward(Ids([1, 39])).TextEmbeds!.Equals(whole.TextFeatures(Ids([1, 39]))));
        Assert.True(vision.forward(pixels).PoolerOutput.Equals(whole.Image(pixels).PoolerOutput));
        Assert.Equal(ScalarType.BFloat16, again.DType);
    }

    [Fact]
    public void MissingAndForeignWeightsAreNamed()
    {
        using var scope = NewDisposeScope();
        using var model = ClipTextModel.FromConfig(TinyClip.Text);
        model.SavePretrained(_folder.FullName);
        var error = Assert.Throws<DiffusionException>(() => ClipTextModelWithProjection.FromPretrained(_folder.FullName));

        Assert.Equal("DIF0511", error.Id);
        Assert.Contains("1 missing from the file (text_projection.weight [8, 16])", error.Message, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(_folder.FullName, "config.json"), TinyClip.Text.WithNumHiddenLayers(1).ToJson().ToIndentedString());
        error = Assert.Throws<DiffusionException>(() => ClipTextModel.FromPretrained(_folder.FullName));
        Assert.Contains("16 unknown to the model (text_model.encoder.layers.1.layer_norm1.bias [16]", error.Message, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(_folder.FullName, "config.json"), TinyClip.Text.WithHiddenAct("relu").ToJson().ToIndentedString());
        Assert.Equal("DIF0404: hidden_act is \"relu\"; choose one of quick_gelu, gelu", Assert.Throws<DiffusionException>(() => ClipTextModel.FromPretrained(_folder.FullName)).Message);
        Assert.Equal("DIF0501", Assert.Throws<DiffusionException>(() => ClipTextModel.FromPretrained(Path.Combine(_folder.FullName, "nowhere"))).Id);
    }

    [Fact]
    public void WhatIsNoTextIsRefused()
    {
        using var scope = NewDisposeScope();
        using var model = ClipTextModel.FromConfig(TinyClip.Text);

        Refused(Ids([1, 40, 39]), "DIF0412: the tensor of token ids holds 40, and this model has 40 tokens; choose 0 to 39");
        Refused(Ids([-1, 39]), "DIF0412: the tensor of token ids holds -1, and this model has 40 tokens; choose 0 to 39");
        Refused(Ids([1, 2, 3, 4, 5, 6, 7, 39]), "DIF0410: the tensor of token ids has the shape [1, 8]; CLIPTextModel takes at most 7 tokens in a row, so cut longer texts off, or encode them in chunks");
        Refused(zeros(3), "DIF0410: the tensor of token ids has the shape [3] of Float32; CLIPTextModel takes [N, L] of whole numbers, at least one, so give one row for each text");
        Refused(
            Ids([39, 1], [1, 2]),
            "DIF0740: row 1 of the token ids has no 39, the end token, whose vector stands for the whole text; end every text with it, or correct eos_token_id of the encoder's config.json");
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => model.forward(Ids([1, 39]), ones(1, 3))).Id);
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => model.Encode(new TokenEmbeddings(zeros(1, 2, 8), EquatableArray.Of(1)))).Id);

        void Refused(Tensor ids, string message) => Assert.Equal(message, Assert.Throws<DiffusionException>(() => model.forward(ids)).Message);
    }

    private static Tensor Ids(params long[][] rows) => tensor([.. rows.SelectMany(row => row)], [rows.Length, rows[0].Length], ScalarType.Int64);
}
