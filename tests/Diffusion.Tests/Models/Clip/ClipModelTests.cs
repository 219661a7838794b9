using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Tests.Prompts;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models.Clip;

public sealed class ClipModelTests
{
    [Fact]
    public void ThePresetsHaveTheirParameters()
    {
        using var small = ClipModel.FromConfig(ClipConfig.VitB32, LayerOptions.Shapes());
        using var large = ClipModel.FromConfig(ClipConfig.VitL14, LayerOptions.Shapes());
        using var vision = ClipVisionModel.FromConfig(ClipVisionConfig.VitB32, LayerOptions.Shapes());

        Assert.Equal(151_277_313, small.ParameterCount);
        Assert.Equal(427_616_513, large.ParameterCount);
        Assert.Equal(87_456_000, vision.ParameterCount);
        Assert.Contains("(patch_embedding): Conv2d(3, 768, kernel_size=(32, 32), stride=(32, 32), bias=False)", vision.Print(), StringComparison.Ordinal);
        Assert.StartsWith("CLIPModel(\n  (text_model): CLIPTextTransformer(\n", small.Print(), StringComparison.Ordinal);
    }

    [Fact]
    public void PairsAreLearnt()
    {
        using var scope = NewDisposeScope();
        using var model = ClipModel.FromConfig(TinyClip.Whole, seed: 1);
        var ids = tensor([1, 2, 39, 3, 4, 39, 5, 6, 39, 7, 8, 39], [4, 3], ScalarType.Int64);
        var pixels = rand([4, 3, 8, 8], generator: new Generator(2));
        using var optimizer = optim.AdamW(model.parameters(), lr: 3e-3);
        var losses = Enumerable.Range(0, 40).Select(_ =>
        {
            using var step = NewDisposeScope();
            optimizer.zero_grad();
            var loss = ContrastiveLoss.Of(model.call(ids, pixels).LogitsPerText);
            loss.backward();
            Assert.All(model.named_parameters(), named => Assert.NotNull(named.parameter.grad));
            optimizer.step();
            model.ClampLogitScale();

            return loss.item<float>();
        }).ToArray();

        Assert.InRange(losses[0], 1, 4);
        Assert.InRange(losses[^1], 0, 0.3f);
    }

    [Fact]
    public void TheLossOfEqualPairsIsTheLogarithmOfTheirNumber()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(Math.Log(5), ContrastiveLoss.Of(ones(5, 5, ScalarType.Float64)).item<double>(), 1e-12);
        Assert.Equal(0, ContrastiveLoss.Of(1000 * eye(3, dtype: ScalarType.Float64)).item<double>(), 1e-12);

        // (ln(1 + e⁻¹) + ln(1 + e⁻³)) / 2 for the rows, (ln(1 + e⁻²) · 2) / 2 for the columns
        var unequal = tensor([1.0, 0, -1, 2], [2, 2], ScalarType.Float64);
        var expected = (((Math.Log(1 + Math.Exp(-1)) + Math.Log(1 + Math.Exp(-3))) / 2) + Math.Log(1 + Math.Exp(-2))) / 2;
        Assert.Equal(expected, ContrastiveLoss.Of(unequal).item<double>(), 1e-12);
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => ContrastiveLoss.Of(zeros(2, 3))).Id);
    }

    [Fact]
    public void TheScaleStaysBelowAHundred()
    {
        using var scope = NewDisposeScope();
        using var model = ClipModel.FromConfig(TinyClip.Whole.WithLogitScaleInitValue(9));
        model.ClampLogitScale();

        Assert.Equal(100, model.LogitScale.exp().item<float>(), 1e-3f);
    }

    [Fact]
    public void PicturesAndTokensAreTakenAsTheyCome()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var config = TinyClip.Whole.WithText(TinyClip.Text.WithVocabSize(Tokenizers.Tiny.VocabularySize).WithMaxPositionEmbeddings(77).WithEosTokenId(Tokenizers.Tiny.EndId));
        using var model = ClipModel.FromConfig(config);
        var picture = new Image(20, 12, 1, [.. Enumerable.Range(0, 240).Select(value => (byte)value)]);

        var pictures = model.ImageFeatures([picture, picture.ToRgb()]);
        Assert.Equal([2, 8], pictures.shape);
        Assert.True(pictures[0].allclose(pictures[1], atol: 1e-6));
        Assert.Equal([1, 8], model.TextFeatures([Tokenizers.Tiny.Encode("a cat")]).shape);
        Assert.Equal(
            "DIF0410: the tensor of pictures has the shape [1, 3, 9, 8]; this vision tower takes [N, 3, 8, 8], so prepare them with ClipPixels.Prepare",
            Assert.Throws<DiffusionException>(() => model.ImageFeatures(zeros(1, 3, 9, 8))).Message);
    }

    [Fact]
    public void PixelsGetGradients()
    {
        using var scope = NewDisposeScope();
        using var model = ClipModel.FromConfig(TinyClip.Whole);
        var pictures = rand(2, 3, 24, 16).requires_grad_();
        model.ImageFeatures(ClipPixels.Prepare(pictures, 8)).sum().backward();

        Assert.True(pictures.grad!.isfinite().all().item<bool>());
        Assert.True(pictures.grad!.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void AllHiddenStatesAreKeptOnRequest()
    {
        using var scope = NewDisposeScope();
        using var model = ClipVisionModel.FromConfig(TinyClip.Vision);
        var output = model.Forward(rand(1, 3, 8, 8), hiddenStates: true);

        Assert.Equal(3, output.HiddenStates.Count);
        Assert.True(output.HiddenStates[2].Equals(output.LastHiddenState));
        Assert.Null(output.ImageEmbeds);
        Assert.Equal([1, 5, 16], output.LastHiddenState.shape);
    }
}
