using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Tests.Layers;

public sealed class LayerTests
{
    [Fact]
    public void SinusoidsOfTimestep500AreTheKnownOnes()
    {
        using var scope = NewDisposeScope();
        using var layer = new Diffusion.Runtime.Layers.Timesteps(32, flipSinToCos: true, frequencyShift: 0);
        var values = layer.forward(tensor(new[] { 500L })).data<float>().ToArray();

        Assert.Equal(32, values.Length);
        Near([-0.883849, -0.001880, 0.511170], values[..3], 2e-5);
        Near([-0.467772, -0.999998, 0.859479], values[16..19], 2e-5);
    }

    [Fact]
    public void FrequencyShiftOneReachesTheLongestPeriodAndOddLengthsEndInZero()
    {
        using var scope = NewDisposeScope();
        using var shifted = new Diffusion.Runtime.Layers.Timesteps(8, flipSinToCos: false, frequencyShift: 1);
        using var odd = new Diffusion.Runtime.Layers.Timesteps(9, flipSinToCos: false, frequencyShift: 1);
        var t = tensor(new[] { 0.5f });

        Near([Math.Sin(0.5), Math.Sin(0.5e-4), Math.Cos(0.5)], shifted.forward(t)[0].index_select(0, tensor(new long[] { 0, 3, 4 })).data<float>().ToArray(), 1e-7);
        Assert.Equal(0f, odd.forward(t)[0, 8].item<float>());
        Assert.Equal(shifted.forward(t), odd.forward(t).narrow(1, 0, 8));
    }

    [Fact]
    public void FourierFeaturesAreOfTheLogarithm()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var layer = new GaussianFourierProjection(3, 16, LayerOptions.Seeded(0));
        var frequencies = layer.Weight.data<float>().ToArray();
        var values = layer.forward(tensor(new[] { 1.01f }))[0].data<float>().ToArray();

        Near([.. frequencies.Select(w => Math.Sin(2 * Math.PI * w * Math.Log(1.01f))), .. frequencies.Select(w => Math.Cos(2 * Math.PI * w * Math.Log(1.01f)))], values, 1e-5);
        Assert.False(layer.Weight.requires_grad);
    }

    [Theory]
    [InlineData("silu", 0.7310586)]
    [InlineData("swish", 0.7310586)]
    [InlineData("mish", 0.8650984)]
    [InlineData("gelu", 0.8413447)]
    [InlineData("relu", 1)]
    public void ActivationsOfOneAreTheKnownOnes(string name, double expected)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var layer = Activation.Named(name);

        Near([expected], layer.forward(tensor(new[] { 1f })).data<float>().ToArray(), 1e-6);
        Near([expected], layer.Consume(tensor(new[] { 1f })).data<float>().ToArray(), 1e-6);
    }

    [Fact]
    public void AnUnknownActivationIsRefused() => Assert.Equal("DIF0404", Assert.Throws<DiffusionException>(() => Activation.Named("tanh")).Id);

    [Fact]
    public void FilteredResamplingIsZerosFilterAndStride()
    {
        using var scope = NewDisposeScope();
        var image = randn(2, 3, 6, 4);
        var taps = new[] { 1.0, 3, 3, 1 };

        // As StyleGAN2 defines it: insert zeros, pad, filter, take every second pixel.
        Near(Filter(F.pad(image, [1, 1, 1, 1]), taps, 1, 2), new FirDownsample2D().forward(image));
        var spread = zeros(2, 3, 12, 8);
        for (var y = 0; y < 6; y++)
        {
            for (var x = 0; x < 4; x++)
                spread[.., .., 2 * y, 2 * x] = image[.., .., y, x];
        }

        Near(Filter(F.pad(spread, [2, 1, 2, 1]), taps, 4, 1), new FirUpsample2D().forward(image));
    }

    [Fact]
    public void AResidualSumIsDividedByItsScale()
    {
        using var scope = NewDisposeScope();
        var plain = new ResnetBlock2DSettings(4, 4, 8, 2, 1e-5);
        using var one = new ResnetBlock2D(plain, LayerOptions.Seeded(3));
        using var two = new ResnetBlock2D(plain with { OutputScaleFactor = 2 }, LayerOptions.Seeded(3));
        var input = randn(1, 4, 5, 5);
        var time = new EmbeddedTime(randn(1, 8));

        Near(one.forward(input, time) / 2, two.forward(input, time));
        using var noGrad = no_grad();
        Near(one.forward(input, time) / 2, two.forward(input, time));
    }

    [Fact]
    public void ABlockWithoutTimeHasNoProjection()
    {
        using var scope = NewDisposeScope();
        using var block = new ResnetBlock2D(new ResnetBlock2DSettings(4, 8, null, 2, 1e-6), LayerOptions.Seeded(3));

        Assert.DoesNotContain(block.named_parameters(), named => named.name.Contains("time", StringComparison.Ordinal));
        Assert.Equal([1, 8, 5, 5], block.forward(randn(1, 4, 5, 5), null).shape);
    }

    private static Tensor Filter(Tensor image, double[] taps, double gain, int stride)
    {
        var (height, width) = ((int)image.shape[2] - 3, (int)image.shape[3] - 3);
        var sum = zeros(image.shape[0], image.shape[1], height, width);
        for (var y = 0; y < 4; y++)
        {
            for (var x = 0; x < 4; x++)
                sum += image.narrow(2, y, height).narrow(3, x, width) * (gain * taps[y] * taps[x] / 64);
        }

        return sum[.., .., TensorIndex.Slice(step: stride), TensorIndex.Slice(step: stride)];
    }

    private static void Near(double[] expected, float[] actual, double tolerance) => Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((actual - expected).abs().max().item<float>(), 0, 2e-6f);
    }
}
