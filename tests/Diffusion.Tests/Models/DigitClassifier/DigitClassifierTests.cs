using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Data.Digits;
using Diffusion.Runtime.Metrics;
using static TorchSharp.torch;
using Judge = Diffusion.Runtime.Models.DigitClassifier;

namespace Diffusion.Tests.Models.DigitClassifier;

public sealed class DigitClassifierTests
{
    [Fact]
    public void TheLogitsAreALinearFunctionOfTheFeatures()
    {
        using var scope = NewDisposeScope();
        using var judge = Judge.Load(Repository.PathOf("models/digits/classifier.safetensors"));
        using var digits = new ProceduralDigits(7).Batch(12, 0);
        var features = judge.Features(digits.Images);
        Assert.Equal([12, 64], features.shape);
        Assert.False(features.requires_grad);
        Assert.InRange(features.min().item<float>(), 0, 0);
        var weights = judge.named_parameters().ToDictionary(named => named.name, named => (Tensor)named.parameter);
        var logits = features.matmul(weights["output.weight"].t()) + weights["output.bias"];
        Assert.Equal(0, (logits - judge.call(digits.Images)).abs().max().item<float>(), tolerance: 1e-5f);
        Assert.Equal(digits.Labels.data<long>().ToArray(), judge.Classify(digits.Images).Select(verdict => (long)verdict.Digit));
    }

    [Fact]
    public void FreshDigitsAreNearerToDigitsThanNoiseIs()
    {
        using var scope = NewDisposeScope();
        using var judge = Judge.Load(Repository.PathOf("models/digits/classifier.safetensors"));
        Tensor Features(long seed) => judge.Features(new ProceduralDigits(seed).Batch(128, 0).Images);
        var digits = FrechetDistance.Between(Features(7), Features(8));
        var noise = FrechetDistance.Between(Features(7), judge.Features(randn(128, 1, 28, 28, generator: new Generator(1))));
        Assert.InRange(digits, 0, noise / 20);
    }

    [Fact]
    public void PicturesOfAnotherSizeAreRefused()
    {
        using var judge = Judge.Untrained();
        using var images = zeros(2, 1, 32, 32);
        Assert.Equal("DIF0457", Assert.Throws<DiffusionException>(() => judge.Features(images)).Id);
        Assert.Equal("DIF0457", Assert.Throws<DiffusionException>(() => judge.Classify(images)).Id);
    }
}
