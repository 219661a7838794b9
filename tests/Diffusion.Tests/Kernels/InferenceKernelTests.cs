using System;
using System.Runtime.Intrinsics;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Kernels.Attending;
using Diffusion.Runtime.Kernels.Convolutions;
using Diffusion.Runtime.Kernels.Products;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Tests.Kernels;

/// <summary>Each kernel against torch's operation in float64.</summary>
public sealed class InferenceKernelTests(ITestOutputHelper output) : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly IDisposable _recording = no_grad();
    private readonly Generator _random = new(5);

    // Of bfloat16: half of its last digit.
    private const double Rounding = 1.0 / 256;

    public void Dispose()
    {
        _random.Dispose();
        _recording.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(1, 8, 32)]
    [InlineData(13, 24, 40)]
    [InlineData(300, 700, 96)]
    [InlineData(8, 2100, 33)]
    public void ProductsAreExact(long rows, long width, long outputs)
    {
        var (x, w, b, other) = (Draw(1, rows, width), Draw(outputs, width), Draw(outputs), Draw(1, rows, outputs));
        using var kernel = new VectorLinear(Panels.Of(w));

        Near(F.linear(Wide(x), Wide(w), Wide(b)), kernel.Run(x, b, added: null));
        Near(F.linear(Wide(x), Wide(w)) + Wide(other), kernel.Run(x, bias: null, other));
        Assert.True(kernel.Weight().equal(w).all().item<bool>());
    }

    [Fact]
    public void GatedProductsAreExact()
    {
        var (x, w, b) = (10 * Draw(2, 70, 48), Draw(128, 48), Draw(128));
        using var kernel = new VectorLinear(Panels.Of(w));
        var halves = F.linear(Wide(x), Wide(w), Wide(b)).chunk(2, -1);

        Near(halves[0] * F.gelu(halves[1]), kernel.RunGated(x, b));
    }

    [Theory]
    [InlineData(2, 16, 32, 8, 8)]
    [InlineData(1, 48, 64, 7, 5)]
    [InlineData(3, 320, 32, 1, 9)]
    [InlineData(1, 16, 96, 40, 41)]
    public void WinogradConvolutionsAreExact(long samples, long channels, long outChannels, long height, long width)
    {
        var (x, w, b, other) = (Draw(samples, channels, height, width), Draw(outChannels, channels, 3, 3), Draw(samples, outChannels), Draw(samples, outChannels, height, width));
        using var kernel = new WinogradConvolution(Panels.Of(w.view(outChannels, -1)));
        var expected = F.conv2d(Wide(x), Wide(w), padding: [1, 1]);

        Near(expected + Wide(b[0]).view(1, -1, 1, 1), kernel.Run(x, b[0], added: null));
        var actual = kernel.Run(ChannelsLast.Image(ChannelsLast.Pixels(x)), b, other);
        Near(expected + Wide(b).unsqueeze(-1).unsqueeze(-1) + Wide(other), actual);
        Assert.True(ChannelsLast.Is(actual));
        Assert.True(kernel.Weight().equal(w).all().item<bool>());
    }

    [Theory]
    [InlineData(16, 1, 3, 1, 1)]
    [InlineData(48, 1, 5, 2, 2)]
    [InlineData(32, 3, 3, 1, 1)]
    [InlineData(16, 4, 3, 2, 1)]
    [InlineData(64, 2, 5, 3, 0)]
    public void NarrowConvolutionsAreExact(long channels, long outChannels, long kernelSize, long stride, long padding)
    {
        var (x, w, b) = (Draw(2, channels, 9, 11), Draw(outChannels, channels, kernelSize, kernelSize), Draw(2, outChannels));
        using var kernel = new NarrowConvolution(w, stride, padding);
        var expected = F.conv2d(Wide(x), Wide(w), strides: [stride, stride], padding: [padding, padding]);
        var other = Draw(expected.shape);

        Near(expected + Wide(b[0]).view(1, -1, 1, 1), kernel.Run(x, b[0], added: null));
        Near(expected + Wide(b).unsqueeze(-1).unsqueeze(-1) + Wide(other), kernel.Run(ChannelsLast.Image(ChannelsLast.Pixels(x)), b, other));
        Assert.True(kernel.Weight().equal(w).all().item<bool>());
    }

    [Theory]
    [InlineData(4, 40, 3, 1, 1)]
    [InlineData(32, 4, 3, 1, 1)]
    [InlineData(32, 32, 3, 2, 1)]
    [InlineData(5, 7, 3, 2, 0)]
    [InlineData(6, 64, 5, 3, 2)]
    public void DirectConvolutionsAreExact(long channels, long outChannels, long kernelSize, long stride, long padding)
    {
        var (x, w, b) = (Draw(2, channels, 9, 11), Draw(outChannels, channels, kernelSize, kernelSize), Draw(outChannels));
        using var kernel = new DirectConvolution(w, stride, padding);
        var expected = F.conv2d(Wide(x), Wide(w), Wide(b), strides: [stride, stride], padding: [padding, padding]);
        var other = Draw(expected.shape);

        Near(expected, kernel.Run(x, b, added: null));
        Near(expected + Wide(other), kernel.Run(x, b.expand(2, outChannels).contiguous(), other));
        Assert.True(kernel.Weight().equal(w).all().item<bool>());
    }

    [Theory]
    [InlineData(ScalarType.Float32, 2, 40, 40, 3, 16)]
    [InlineData(ScalarType.Float32, 1, 5, 600, 2, 40)]
    [InlineData(ScalarType.Float32, 2, 33, 77, 4, 8)]
    [InlineData(ScalarType.BFloat16, 2, 64, 300, 2, 80)]
    public void AttentionIsExact(ScalarType type, long samples, long queries, long keys, long heads, long dim)
    {
        var (q, k, v) = ((4 * Draw(samples, queries, heads * dim)).to(type), (4 * Draw(samples, keys, heads * dim)).to(type), Draw(samples, keys, heads * dim).to(type));
        var bias = (10 * Draw(samples, 1, 1, keys)).to(type);
        var tolerance = type == ScalarType.Float32 ? 2e-6 : 0.01;

        Near(FusedAttention.Library(Wide(q), Wide(k), Wide(v), heads), VectorAttention.Run(q, k, v, heads, bias: null), tolerance);
        Near(FusedAttention.Library(Wide(q), Wide(k), Wide(v), heads, Wide(bias)), VectorAttention.Run(q, k, v, heads, bias), tolerance);
    }

    [Theory]
    [InlineData(1, 8, 32)]
    [InlineData(13, 24, 40)]
    [InlineData(300, 700, 96)]
    [InlineData(8, 2100, 33)]
    public void ProductsOfPairsAreExact(long rows, long width, long outputs)
    {
        if (!PairProduct.IsSupported)
            return;

        var (x, w, b, other) = (Half(1, rows, width), Half(outputs, width), Half(outputs), Half(1, rows, outputs));
        using var kernel = new PairLinear(Panels.Of(w));

        Near(F.linear(Wide(x), Wide(w), Wide(b)), kernel.Run(x, b, added: null), Rounding);
        Near(F.linear(Wide(x), Wide(w)) + Wide(other), kernel.Run(x, bias: null, other), Rounding);
        Assert.True(kernel.Weight().equal(w).all().item<bool>());
    }

    [Theory]
    [InlineData(128)]
    [InlineData(48)]
    public void GatedProductsOfPairsAreExact(long outputs)
    {
        if (!PairProduct.IsSupported)
            return;

        var (x, w, b) = ((10 * Half(2, 70, 48)).to(ScalarType.BFloat16), Half(outputs, 48), Half(outputs));
        using var kernel = new PairLinear(Panels.Of(w));
        var halves = F.linear(Wide(x), Wide(w), Wide(b)).chunk(2, -1);

        Near(halves[0] * F.gelu(halves[1]), kernel.RunGated(x, b), 3 * Rounding);
    }

    [Theory]
    [InlineData(4, 40, 3, 1, 1)]
    [InlineData(32, 4, 3, 1, 1)]
    [InlineData(32, 32, 3, 2, 1)]
    [InlineData(10, 7, 3, 2, 0)]
    [InlineData(6, 64, 5, 3, 2)]
    [InlineData(700, 40, 3, 2, 1)]
    [InlineData(700, 160, 3, 1, 1)]
    public void ConvolutionsOfPairsAreExact(long channels, long outChannels, long kernelSize, long stride, long padding)
    {
        if (!PairProduct.IsSupported)
            return;

        var (x, w, b) = (Half(2, channels, 40, 11), Half(outChannels, channels, kernelSize, kernelSize), Half(2, outChannels));
        using var kernel = new PairConvolution(w, stride, padding);
        var expected = F.conv2d(Wide(x), Wide(w), strides: [stride, stride], padding: [padding, padding]);
        var other = Half(expected.shape);

        Near(expected + Wide(b[0]).view(1, -1, 1, 1), kernel.Run(x, b[0], added: null), Rounding);
        Near(expected + Wide(b).unsqueeze(-1).unsqueeze(-1) + Wide(other), kernel.Run(x, b, other), Rounding);
        Assert.True(kernel.Weight().equal(w).all().item<bool>());
    }

    [Theory]
    [InlineData(2, 64, 300, 2, 80)]
    [InlineData(1, 5, 129, 3, 6)]
    [InlineData(2, 33, 77, 4, 40)]
    public void AttentionOfPairsIsExact(long samples, long queries, long keys, long heads, long dim)
    {
        if (!PairProduct.IsSupported)
            return;

        var (q, k, v) = ((4 * Draw(samples, queries, heads * dim)).to(ScalarType.BFloat16), (4 * Draw(samples, keys, heads * dim)).to(ScalarType.BFloat16), Half(samples, keys, heads * dim));
        var bias = (10 * Draw(samples, 1, 1, keys)).to(ScalarType.BFloat16);

        Near(FusedAttention.Library(Wide(q), Wide(k), Wide(v), heads), PairAttention.Run(q, k, v, heads, bias: null), Rounding);
        Near(FusedAttention.Library(Wide(q), Wide(k), Wide(v), heads, Wide(bias)), PairAttention.Run(q, k, v, heads, bias), Rounding);
        bias[.., .., .., 3..] = torch.tensor(float.NegativeInfinity);
        Near(FusedAttention.Library(Wide(q), Wide(k.narrow(1, 0, 3)), Wide(v.narrow(1, 0, 3)), heads, Wide(bias.narrow(3, 0, 3))), PairAttention.Run(q, k, v, heads, bias), Rounding);
    }

    [Fact]
    public void KeysThatNobodySeesDoNotCount()
    {
        var (q, k, v) = (Draw(1, 4, 16), Draw(1, 6, 16), Draw(1, 6, 16));
        var bias = tensor(new[] { 0, 0, 0, float.NegativeInfinity, -10000, float.NegativeInfinity }).view(1, 1, 1, 6);

        Near(FusedAttention.Library(Wide(q), Wide(k.narrow(1, 0, 3)), Wide(v.narrow(1, 0, 3)), 2), VectorAttention.Run(q, k, v, 2, bias));
    }

    [Theory]
    [InlineData(ScalarType.Float32, 32, 8, 1e-6)]
    [InlineData(ScalarType.Float32, 48, 16, 1e-6)]
    [InlineData(ScalarType.Float32, 320, 32, 1e-6)]
    [InlineData(ScalarType.Float32, 1024, 32, 1e-6)]
    [InlineData(ScalarType.BFloat16, 64, 32, 0.02)]
    [InlineData(ScalarType.BFloat16, 96, 32, 0.02)]
    [InlineData(ScalarType.BFloat16, 1920, 32, 0.02)]
    public void NormsOfPixelsAreExact(ScalarType type, long channels, long groups, double tolerance)
    {
        // Far from zero, where sums of squares would lose their digits.
        var x = (Draw(2, 9, 40, channels) + 30).to(type).permute(0, 3, 1, 2);
        var (weight, bias) = (Draw(channels).to(type), Draw(channels).to(type));
        var expected = F.group_norm(Wide(x), groups, Wide(weight), Wide(bias), 1e-5);

        Near(expected, PixelNorm.Run(x, groups, weight, bias, 1e-5, activates: false), type == ScalarType.Float32 ? 1e-5 : tolerance);
        var actual = PixelNorm.Run(x, groups, weight, bias, 1e-5, activates: true);
        Near(F.silu(expected), actual, type == ScalarType.Float32 ? 1e-5 : tolerance);
        Assert.True(ChannelsLast.Is(actual));
        PixelNorm.RunInto(x, x, groups, weight, bias, 1e-5, activates: true);
        Assert.True(x.equal(actual).all().item<bool>());
    }

    [Fact]
    public unsafe void BFloat16IsRoundedAsTorchRoundsIt()
    {
        var values = cat([Draw(1000) * 1e30, Draw(1000) * 1e-30, tensor(new[] { 0, -0f, 1.00390625f, 1.01171875f, float.MaxValue, float.PositiveInfinity, 3e-40f, 1e-45f })]);
        var rounded = values.to(ScalarType.BFloat16);
        var from = (float*)Memory.Address(values);
        var expected = (ushort*)Memory.Address(rounded);
        for (var i = 0; i < values.numel(); i++)
            Assert.Equal(expected[i], BFloat16s.Narrow(from[i]));

        var sixteen = stackalloc ushort[16];
        var back = stackalloc float[16];
        for (var i = 0; i + 16 <= values.numel(); i += 16)
        {
            BFloat16s.Store(Vector512.Load(from + i), sixteen);
            Assert.True(new Span<ushort>(sixteen, 16).SequenceEqual(new Span<ushort>(expected + i, 16)));
            BFloat16s.Widen(sixteen, back, 16);
            for (var lane = 0; lane < 16; lane++)
                Assert.Equal(BFloat16s.Widen(sixteen[lane]), back[lane]);
        }
    }

    [Fact]
    public unsafe void NoNumberStaysNoNumber()
    {
        var sixteen = stackalloc ushort[16];
        BFloat16s.Store(Vector512.Create(BitConverter.UInt32BitsToSingle(0x7FFFFFFF)), sixteen);

        Assert.True(float.IsNaN(BFloat16s.Widen(sixteen[3])));
        Assert.True(float.IsNaN(BFloat16s.Widen(BFloat16s.Narrow(float.NaN))));
    }

    [Fact]
    public void EveryTypeHasItsKernelOrNone()
    {
        Assert.Null(InferenceKernels.Linear(Draw(32, 32).to(ScalarType.Float64)));
        Assert.Null(InferenceKernels.Convolution(empty([32, 32, 3, 3], device: META), 1, 1));
        if (!Vector512.IsHardwareAccelerated)
            return;

        using var linear = InferenceKernels.Linear(Draw(32, 32));
        using var winograd = InferenceKernels.Convolution(Draw(32, 16, 3, 3), 1, 1);
        using var direct = InferenceKernels.Convolution(Draw(32, 16, 3, 3), 2, 1);
        using var narrow = InferenceKernels.Convolution(Draw(4, 16, 3, 3), 1, 1);
        using var point = InferenceKernels.Convolution(Draw(32, 16, 1, 1), 1, 0);
        Assert.Equal(
            (true, true, true, true, true),
            (linear is VectorLinear, winograd is WinogradConvolution, direct is DirectConvolution, narrow is NarrowConvolution, point is PointConvolution));
        if (!PairProduct.IsSupported)
            return;

        using var pairs = InferenceKernels.Linear(Half(32, 32));
        using var filter = InferenceKernels.Convolution(Half(32, 16, 3, 3), 1, 1);
        using var odd = InferenceKernels.Linear(Half(32, 33));
        Assert.Equal((true, true, false), (pairs is PairLinear, filter is PairConvolution, odd is PairLinear));
    }

    private static Tensor Wide(Tensor tensor) => tensor.to(ScalarType.Float64);

    private Tensor Draw(params long[] shape) => randn(shape, generator: _random) / 4;

    private Tensor Half(params long[] shape) => Draw(shape).to(ScalarType.BFloat16);

    private void Near(Tensor expected, Tensor actual, double tolerance = 2e-6)
    {
        Assert.Equal(expected.shape, actual.shape);
        var error = (Wide(actual) - expected).abs().max().item<double>() / Math.Max(1, expected.abs().max().item<double>());
        output.WriteLine(FormattableString.Invariant($"{error:0.0e-00}"));
        Assert.InRange(error, 0, tolerance);
    }
}
