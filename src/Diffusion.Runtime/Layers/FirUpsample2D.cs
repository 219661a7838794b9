using System.Linq;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>Doubles height and width and smooths: <c>[N, C, H, W]</c> to <c>[N, C, 2H, 2W]</c>.</summary>
internal sealed class FirUpsample2D() : Layer(nameof(FirUpsample2D)), ICountsProducts
{
    long ICountsProducts.Products(long[] input, long[] output) => input.Aggregate((long)Fir.Size * Fir.Size, (product, size) => product * size);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (input.device_type == DeviceType.META)
            return empty([.. input.Sizes()[..2], 2 * input.Sizes()[2], 2 * input.Sizes()[3]], input.dtype, input.device);

        // Zeros between the pixels, then the filter: one transposed convolution. Four taps meet each pixel pair, hence the gain of 4.
        using var kernel = Fir.Kernel(input, gain: 4);

        return F.conv_transpose2d(input, kernel, strides: [2, 2], padding: [1, 1], groups: input.Sizes()[1]);
    }
}
