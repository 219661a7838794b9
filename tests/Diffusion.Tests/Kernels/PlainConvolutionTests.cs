using System.Linq;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Tests.Kernels;

public sealed class PlainConvolutionTests
{
    /// <summary>Values and gradients as in float64, both of the way that this machine takes and of the way around a CPU's faults.</summary>
    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(3, 2, 1)]
    [InlineData(3, 2, 0)]
    [InlineData(4, 2, 1)]
    [InlineData(5, 1, 2)]
    [InlineData(1, 1, 0)]
    public void ValuesAndGradientsAreThoseOfFloat64(long kernel, long stride, long padding)
    {
        using var generator = new Generator(1);
        foreach (var channels in new long[] { 1, 5, 16, 20, 48 })
        {
            foreach (var outChannels in new long[] { 1, 4, 16, 24, 32 })
            {
                foreach (var (height, width) in new (long, long)[] { (8, 8), (7, 10) })
                {
                    using var scope = NewDisposeScope();
                    Tensor[] exact =
                    [
                        randn([2, channels, height, width], ScalarType.Float64, generator: generator).requires_grad_(),
                        (randn([outChannels, channels, kernel, kernel], ScalarType.Float64, generator: generator) / 9).requires_grad_(),
                        randn([outChannels], ScalarType.Float64, generator: generator).requires_grad_(),
                    ];
                    var expected = F.conv2d(exact[0], exact[1], exact[2], strides: [stride, stride], padding: [padding, padding]);
                    var gradient = randn(expected.shape, ScalarType.Float64, generator: generator);
                    var expectedGradients = autograd.grad([expected], exact, [gradient]);
                    foreach (var careful in new[] { false, true })
                    {
                        var inputs = exact.Select(tensor => tensor.detach().to(ScalarType.Float32).requires_grad_()).ToArray();
                        var actual = careful
                            ? PlainConvolution.Careful(inputs[0], inputs[1], inputs[2], stride, padding, differentiates: true)
                            : PlainConvolution.Run(inputs[0], inputs[1], inputs[2], stride, padding);
                        var gradients = autograd.grad([actual], inputs, [gradient.to(ScalarType.Float32)]);

                        Near(expected, actual);
                        Assert.All(expectedGradients.Zip(gradients), pair => Near(pair.First, pair.Second));
                    }
                }
            }
        }
    }

    [Fact]
    public void WithoutGradientsNothingIsRecorded()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var (x, w, b) = (randn(1, 20, 6, 6), randn(8, 20, 3, 3), zeros(8));
        var careful = PlainConvolution.Careful(x, w, b, 1, 1, differentiates: false);

        Assert.False(careful.requires_grad);
        Near(F.conv2d(x.to(ScalarType.Float64), w.to(ScalarType.Float64), padding: [1, 1]), careful);
    }

    [Fact]
    public void HalfPrecisionIsRightUpToRounding()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        foreach (var (channels, outChannels) in new (long, long)[] { (1, 1), (20, 4), (16, 24), (8, 8) })
        {
            Tensor[] inputs = [randn(2, channels, 8, 8), randn(outChannels, channels, 3, 3) / 9, randn(outChannels)];
            var rounded = inputs.Select(tensor => tensor.to(ScalarType.BFloat16)).ToArray();
            var exact = rounded.Select(tensor => tensor.to(ScalarType.Float64)).ToArray();
            var expected = F.conv2d(exact[0], exact[1], exact[2], padding: [1, 1]);

            Near(expected, PlainConvolution.Run(rounded[0], rounded[1], rounded[2], 1, 1), 0.01);
            Near(expected, PlainConvolution.Careful(rounded[0], rounded[1], rounded[2], 1, 1, differentiates: false), 0.01);
        }
    }

    private static void Near(Tensor expected, Tensor actual, double tolerance = 4e-6)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((actual.to(ScalarType.Float64) - expected).abs().max().item<double>(), 0, tolerance * (1 + expected.abs().max().item<double>()));
    }
}
