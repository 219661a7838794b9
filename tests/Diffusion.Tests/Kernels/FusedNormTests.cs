using System.Linq;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Kernels;

public sealed class FusedNormTests
{
    [Theory]
    [InlineData(2, 32, 32, 7, 7)]
    [InlineData(3, 96, 32, 28, 28)]
    [InlineData(1, 4, 2, 4, 4)]
    [InlineData(2, 6, 3, 1, 17)]
    [InlineData(1, 2, 1, 70, 71)]
    [InlineData(5, 8, 8, 5, 13)]
    public void VectorsGiveWhatTheLibraryGives(long samples, long channels, long groups, long height, long width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        Tensor[] inputs =
        [
            (3 * randn([samples, channels, height, width], generator: generator) + 2).requires_grad_(),
            randn([channels], generator: generator).requires_grad_(),
            randn([channels], generator: generator).requires_grad_(),
        ];
        var gradient = randn([samples, channels, height, width], generator: generator);

        // In float64, where the library's own rounding does not matter.
        Tensor[] exact = [.. inputs.Select(input => input.detach().to(ScalarType.Float64).requires_grad_())];
        var expected = FusedNorm.Library(exact[0], groups, exact[1], exact[2], 1e-5);
        var expectedGradients = autograd.grad([expected], exact, [gradient.to(ScalarType.Float64)]);
        var actual = FusedNorm.Vectors(inputs[0], groups, inputs[1], inputs[2], 1e-5);
        var gradients = autograd.grad([actual], inputs, [gradient]);

        Near(expected, actual);
        Assert.All(expectedGradients.Zip(gradients), pair => Near(pair.First, pair.Second));
        using var noGrad = no_grad();
        Near(expected, FusedNorm.Vectors(inputs[0], groups, inputs[1], inputs[2], 1e-5));
    }

    [Fact]
    public void GreatValuesDoNotOverflow()
    {
        using var scope = NewDisposeScope();
        var x = linspace(-1, 1, 64).view(1, 2, 32);
        var (weight, bias) = (full(2, 1000f), zeros(2));

        var result = FusedNorm.Vectors(x, 1, weight, bias, 1e-5);
        Near(FusedNorm.Library(x, 1, weight, bias, 1e-5), result);
        Assert.True(result.isfinite().all().item<bool>());
    }

    [Fact]
    public void NotANumberStaysOne()
    {
        using var scope = NewDisposeScope();
        var x = full([1, 2, 32], float.NaN);
        Assert.True(FusedNorm.Vectors(x, 1, ones(2), zeros(2), 1e-5).isnan().all().item<bool>());
    }

    [Fact]
    public void WhatTheVectorsCannotTakeGoesToTheLibrary()
    {
        using var scope = NewDisposeScope();
        var strided = randn(2, 8, 5, 5).permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        Near(FusedNorm.Library(strided, 2, ones(8), zeros(8), 1e-5), FusedNorm.Activate(strided, 2, ones(8), zeros(8), 1e-5));
        var small = randn(2, 8, 3, 3); // fewer pixels than a vector
        Near(FusedNorm.Library(small, 2, ones(8), zeros(8), 1e-5), FusedNorm.Activate(small, 2, ones(8), zeros(8), 1e-5));
        var exact = randn([2, 8, 5, 5], ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, FusedNorm.Activate(exact, 2, ones([8], ScalarType.Float64), zeros([8], ScalarType.Float64), 1e-5).dtype);
    }

    [Fact]
    public void OnlyWhatNeedsAGradientGetsOne()
    {
        using var scope = NewDisposeScope();
        var x = randn(2, 8, 5, 5);
        var (weight, bias) = (ones(8).requires_grad_(), zeros(8));
        FusedNorm.Vectors(x, 2, weight, bias, 1e-5).sum().backward();
        Assert.NotNull(weight.grad);
        Assert.Null(x.grad);
        Assert.Null(bias.grad);
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((actual - expected).abs().max().to(ScalarType.Float64).item<double>(), 0, 2e-6 * (1 + expected.abs().max().to(ScalarType.Float64).item<double>()));
    }
}
