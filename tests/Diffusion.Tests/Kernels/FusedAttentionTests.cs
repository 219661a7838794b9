using System;
using System.Linq;
using System.Runtime.Intrinsics;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Kernels;

public sealed class FusedAttentionTests
{
    [Theory]
    [InlineData(2, 49, 49, 8)]
    [InlineData(3, 196, 196, 8)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 5, 16, 2)]
    [InlineData(1, 64, 77, 3)]
    [InlineData(1, 33, 130, 2)]
    public void VectorsGiveWhatTheLibraryGives(long samples, long queries, long keys, long heads)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        Tensor[] inputs = [.. new[] { queries, keys, keys }.Select(length => randn([samples, length, heads * 8], generator: generator).requires_grad_())];
        var gradient = randn([samples, queries, heads * 8], generator: generator);

        // In float64, where the library's own rounding does not matter.
        Tensor[] exact = [.. inputs.Select(input => input.detach().to(ScalarType.Float64).requires_grad_())];
        var expected = FusedAttention.Library(exact[0], exact[1], exact[2], heads);
        var expectedGradients = autograd.grad([expected], exact, [gradient.to(ScalarType.Float64)]);
        var actual = FusedAttention.Vectors(inputs[0], inputs[1], inputs[2], heads);
        var gradients = autograd.grad([actual], inputs, [gradient]);

        Near(expected, actual);
        Assert.All(expectedGradients.Zip(gradients), pair => Near(pair.First, pair.Second));
        using var noGrad = no_grad();
        Near(expected, FusedAttention.Vectors(inputs[0], inputs[1], inputs[2], heads));
    }

    [Fact]
    public void GreatScoresDoNotOverflow()
    {
        using var scope = NewDisposeScope();
        var q = 100 * eye(20, 8).unsqueeze(0);

        Near(FusedAttention.Library(q, q, q, 1), FusedAttention.Vectors(q, q, q, 1));
    }

    [Fact]
    public void TheExponentialIsExactToTheLastDigits()
    {
        for (var x = -87f; x <= 88f; x += 0.37f)
        {
            var exact = Math.Exp(x);
            Assert.InRange(VectorMath.Exp(Vector512.Create(x))[3] / exact, 1 - 3e-7, 1 + 3e-7);
        }

        Assert.Equal(1f, VectorMath.Exp(Vector512<float>.Zero)[0]);
        Assert.InRange(VectorMath.Exp(Vector512.Create(-1e30f))[0], 0, 2e-38f);
        Assert.True(float.IsNaN(VectorMath.Exp(Vector512.Create(float.NaN))[5]));
        Assert.True(float.IsNaN(VectorMath.Exp2(Vector512.Create(float.NaN))[5]));
        Assert.True(float.IsNaN(VectorMath.Sigmoid(Vector512.Create(float.NaN))[5]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TrainingIn16BitsGivesWhatTheLibraryGivesIn32(bool causal)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(7);
        var tokens = Enumerable.Range(0, 3).Select(_ => randn([2, 9, 24], generator: random).to(ScalarType.BFloat16)).ToArray();
        using var recording = enable_grad();
        var half = tokens.Select(part => part.detach().clone().requires_grad_(true)).ToArray();
        var whole = tokens.Select(part => part.to(ScalarType.Float32).requires_grad_(true)).ToArray();
        var bias = causal ? null : randn([2, 1, 1, 9], generator: random).to(ScalarType.BFloat16);
        var given = FusedAttention.Library(half[0], half[1], half[2], 3, bias, causal);
        var expected = FusedAttention.Library(whole[0], whole[1], whole[2], 3, bias?.to(ScalarType.Float32), causal);
        given.sum().backward();
        expected.sum().backward();
        Assert.InRange((given.to(ScalarType.Float32) - expected).abs().max().item<float>(), 0, 0.03);
        Assert.All(half.Zip(whole), pair => Assert.InRange((pair.First.grad!.to(ScalarType.Float32) - pair.Second.grad!).abs().max().item<float>(), 0, 0.06));
    }

    [Fact]
    public void WhatTheVectorsCannotTakeGoesToTheLibrary()
    {
        using var scope = NewDisposeScope();
        var q = randn(1, 6, 10); // five channels a head
        Near(FusedAttention.Library(q, q, q, 2), FusedAttention.Attend(q, q, q, 2));
        var h = randn(1, 6, 16, ScalarType.BFloat16);
        Assert.Equal(ScalarType.BFloat16, FusedAttention.Attend(h, h, h, 2).dtype);
        Assert.Equal([0, 6, 16], FusedAttention.Attend(empty(0, 6, 16), empty(0, 6, 16), empty(0, 6, 16), 2).shape);
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((actual - expected).abs().max().to(ScalarType.Float64).item<double>(), 0, 2e-6 * (1 + expected.abs().max().to(ScalarType.Float64).item<double>()));
    }
}
