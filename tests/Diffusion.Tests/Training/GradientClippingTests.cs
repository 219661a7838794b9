using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Tests.Training;

public sealed class GradientClippingTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(1000)]
    public void ItIsPyTorchs(double maxNorm)
    {
        using var scope = NewDisposeScope();
        var (ours, theirs) = (Parameters(), Parameters());
        var expected = nn.utils.clip_grad_norm_(theirs, maxNorm);
        Assert.Equal(expected, GradientClipping.Clip(ours, maxNorm), tolerance: 1e-5 * expected);
        Assert.All(ours.Zip(theirs), pair => Assert.True(pair.First.grad is null ? pair.Second.grad is null : pair.First.grad.allclose(pair.Second.grad!, rtol: 1e-6, atol: 1e-8)));
        Assert.InRange(GradientClipping.Clip(ours, maxNorm), 0, maxNorm * (1 + 1e-6));
    }

    [Fact]
    public void WhatIsNoNumberIsTold()
    {
        using var scope = NewDisposeScope();
        var parameters = Parameters();
        parameters[0].grad!.fill_(float.NaN);
        Assert.True(double.IsNaN(GradientClipping.Clip(parameters, 1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    public void ALengthMustBeAboveZero(double maxNorm) =>
        Assert.Equal("DIF0220", Assert.Throws<DiffusionException>(() => GradientClipping.Clip([], maxNorm)).Id);

    // Whole vectors and rests, more than one block, strides, float64, and one without a gradient.
    private static Parameter[] Parameters()
    {
        using var generator = new Generator(1);
        Tensor[] gradients = [randn([7, 5], generator: generator), randn([10_000], generator: generator), randn([6, 8], generator: generator).t(), randn([9], ScalarType.Float64, generator: generator)];

        return [.. gradients.Select(gradient => new Parameter(zeros_like(gradient)) { grad = gradient }), new Parameter(zeros(3))];
    }
}
