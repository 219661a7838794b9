using System.Linq;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Tests.Kernels;

public sealed class DoublingConvolutionTests
{
    /// <summary>Where convolutions are broken it is not used, see <see cref="PlainConvolution"/>.</summary>
    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(2, 3, 5, 4, 7)]
    [InlineData(3, 64, 64, 7, 7)]
    public void ItIsTheConvolutionOfTheDoubledInput(long samples, long channels, long outChannels, long height, long width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        Assert.NotEqual(PlainConvolution.IsBroken, DoublingConvolution.Fits(zeros(samples, channels, height, width)));
        if (PlainConvolution.IsBroken)
            return;

        Tensor[] inputs =
        [
            randn([samples, channels, height, width], generator: generator).requires_grad_(),
            (randn([outChannels, channels, 3, 3], generator: generator) / 9).requires_grad_(),
            randn([outChannels], generator: generator).requires_grad_(),
        ];
        var gradient = randn([samples, outChannels, 2 * height, 2 * width], generator: generator);
        var expected = F.conv2d(F.interpolate(inputs[0], scale_factor: [2, 2], mode: InterpolationMode.Nearest), inputs[1], inputs[2], padding: [1, 1]);
        var expectedGradients = autograd.grad([expected], inputs, [gradient]);
        var actual = DoublingConvolution.Run(inputs[0], inputs[1], inputs[2]);
        var gradients = autograd.grad([actual], inputs, [gradient]);

        Near(expected, actual);
        Assert.All(expectedGradients.Zip(gradients), pair => Near(pair.First, pair.Second));
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((actual - expected).abs().max().item<float>(), 0, 4e-6f * (1 + expected.abs().max().item<float>()));
    }
}
