using System.Linq;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>Smooths and halves height and width: <c>[N, C, H, W]</c> to <c>[N, C, H/2, W/2]</c>.</summary>
internal sealed class FirDownsample2D() : Layer(nameof(FirDownsample2D)), ICountsProducts
{
    long ICountsProducts.Products(long[] input, long[] output) => output.Aggregate((long)Fir.Size * Fir.Size, (product, size) => product * size);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (input.device_type == DeviceType.META)
            return empty([.. input.Sizes()[..2], input.Sizes()[2] / 2, input.Sizes()[3] / 2], input.dtype, input.device);

        using var kernel = Fir.Kernel(input, gain: 1);

        return F.conv2d(input, kernel, strides: [2, 2], padding: [1, 1], groups: input.Sizes()[1]);
    }
}
