using System;
using System.Linq;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Tests.Kernels;

public class CombineTests
{
    [Fact]
    public void TheVectorKernelEqualsPlainArithmeticForEveryLengthAndNumberOfTerms()
    {
        using var scope = torch.NewDisposeScope();
        double[] factors = [0.7, -1.3, 2.1, 0.4, -0.2, 1.1, -0.6, 0.3];
        foreach (var length in Enumerable.Range(1, 70).Concat([127, 128, 129, 200]))
        {
            var sources = Enumerable.Range(0, factors.Length).Select(k => torch.randn(length, generator: new torch.Generator((ulong)(length + k)))).ToArray();
            for (var terms = 1; terms <= factors.Length; terms++)
            {
                using var expected = LinearCombination.Plain(double.PositiveInfinity, factors.AsSpan(0, terms), sources.AsSpan(0, terms));
                using var actual = LinearCombination.New(double.PositiveInfinity, factors.AsSpan(0, terms), sources.AsSpan(0, terms));
                Assert.True((expected - actual).abs().max().item<float>() <= 1e-6f * Math.Max(1, expected.abs().max().item<float>()), $"{length} elements, {terms} terms");
            }
        }
    }

    [Fact]
    public void LargeTensorsAreSplitWithoutAGap()
    {
        using var scope = torch.NewDisposeScope();
        var (x, m) = (torch.randn((1 << 20) + 37), torch.randn((1 << 20) + 37));
        Assert.True(torch.allclose(Combine.New(0.5, x, -2, m), (x * 0.5) - (m * 2), 1e-5, 1e-6));
    }

    [Fact]
    public void TheTargetMayBeASource()
    {
        using var scope = torch.NewDisposeScope();
        var (x, m) = (torch.randn(33), torch.randn(33));
        var expected = (x * 0.9) - (m * 0.4);
        Combine.Into(x, 0.9, x, -0.4, m);
        Assert.True(torch.allclose(x, expected, 1e-6, 1e-6));
    }

    [Fact]
    public void ClampingCutsAndLetsNaNThrough()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.tensor(Enumerable.Range(0, 100).Select(i => i == 3 || i == 99 ? float.NaN : i - 20f).ToArray());
        var cut = Combine.Clamped(5, 1, x).data<float>().ToArray();
        Assert.Equal([3, 99], Enumerable.Range(0, 100).Where(i => float.IsNaN(cut[i])));
        Assert.Equal(-5, cut[0]);
        Assert.Equal(5, cut[98]);
        Assert.Equal(1, cut[21]);
    }

    [Theory]
    [InlineData(torch.ScalarType.Float64)]
    [InlineData(torch.ScalarType.BFloat16)]
    public void OtherTypesAndStridesTakeThePlainPath(torch.ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.randn(2, 3, 4, 5).to_type(type);
        var m = torch.randn(2, 5, 4, 3).to_type(type).permute(0, 3, 2, 1);
        Assert.True(torch.allclose(Combine.New(0.5, x, 2, m).to_type(torch.ScalarType.Float32), ((x * 0.5) + (m * 2)).to_type(torch.ScalarType.Float32), 2e-2, 2e-2));
    }

    [Fact]
    public void DynamicThresholdIsTheQuantileOfEachPicture()
    {
        using var scope = torch.NewDisposeScope();
        Tensor x0 = torch.arange(-10, 11, torch.ScalarType.Float32).reshape(1, 1, 3, 7);
        var batch = torch.cat([x0, x0 * 0.01f], 0);
        Clamping.Dynamic(batch, 0.5, 100);
        Assert.Equal(1, batch[0].max().item<float>());
        Assert.Equal(0.2f, batch[0, 0, 1, 4].item<float>(), 1e-6f); // 1 of a median |x| of 5
        Assert.Equal(0.1f, batch[1].max().item<float>(), 1e-6f);   // s is at least 1
    }
}
