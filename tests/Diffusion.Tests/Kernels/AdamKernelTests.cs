using Diffusion.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Kernels;

public sealed class AdamKernelTests
{
    private static readonly AdamFactors Factors = new(1 - 1e-5, 0.9, 0.999, 1e-2, 0.0447, 1e-8);

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    public unsafe void OnePassGivesWhatPyTorchsOperationsGive(long count)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var (p, g, m) = (randn([count], generator: generator), randn([count], generator: generator), randn([count], generator: generator));
        var v = rand([count], generator: generator);
        var (expected, first, second) = (p.clone(), m.clone(), v.clone());
        Assert.True(AdamKernel.Fits(p, g, m, v));
        for (var step = 0; step < 5; step++)
        {
            AdamKernel.Plain(expected, g, first, second, Factors);
            AdamKernel.Fast((float*)Memory.Of(p), (float*)Memory.Of(g), (float*)Memory.Of(m), (float*)Memory.Of(v), count, Factors);
        }

        Near(expected, p);
        Near(first, m);
        Near(second, v);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-4f)]
    [InlineData(0.75f)]
    [InlineData(1f)]
    public unsafe void TheAverageIsPyTorchsLerp(float weight)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var (from, to) = (randn([37], generator: generator), randn([37], generator: generator));
        var expected = from.lerp(to, tensor(weight));
        AdamKernel.Average((float*)Memory.Of(from), (float*)Memory.Of(to), 37, weight);
        Near(expected, from);
        if (weight == 1)
            Assert.True(from.equal(to).all().item<bool>());
    }

    [Fact]
    public void OtherTypesAndStridesAreNotForOnePass()
    {
        using var scope = NewDisposeScope();
        var (plain, strided, exact) = (zeros(4, 4), zeros(4, 4).t(), zeros([4, 4], ScalarType.Float64));
        Assert.True(AdamKernel.Fits(plain, plain, plain, plain));
        Assert.False(AdamKernel.Fits(plain, strided, plain, plain));
        Assert.False(AdamKernel.Fits(exact, exact, exact, exact));
        AdamKernel.Plain(exact, ones([4, 4], ScalarType.Float64), exact.clone(), exact.clone(), Factors);
        Assert.True((exact < 0).all().item<bool>());
    }

    private static void Near(Tensor expected, Tensor actual) =>
        Assert.InRange(((actual - expected).abs() / (1 + expected.abs())).max().item<float>(), 0, 2e-7f);
}
