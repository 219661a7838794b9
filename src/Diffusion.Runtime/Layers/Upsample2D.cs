using Diffusion.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>Doubles height and width by repeating pixels, or takes them to a given size, then convolves if it has a convolution.</summary>
public sealed class Upsample2D : Layer
{
    private readonly Conv2d? _conv;

    /// <summary>With a convolution.</summary>
    /// <param name="channels">C.</param>
    /// <param name="options">How the parameters are made.</param>
    public Upsample2D(long channels, LayerOptions options)
        : base(nameof(Upsample2D)) => register_module("conv", _conv = new Conv2d(channels, channels, kernel: 3, stride: 1, padding: 1, options));

    /// <summary>Without a convolution.</summary>
    public Upsample2D()
        : base(nameof(Upsample2D))
    {
    }

    /// <summary><c>[N, C, H, W]</c> to <c>[N, C, 2H, 2W]</c>.</summary>
    public override Tensor forward(Tensor input) => Forward(input, null);

    /// <summary><c>[N, C, H, W]</c> to <c>[N, C, H′, W′]</c>.</summary>
    /// <param name="input">The tensor to enlarge.</param>
    /// <param name="size">H′ and W′; null doubles.</param>
    public Tensor Forward(Tensor input, long[]? size)
    {
        if (_conv is { RunsPacked: false } && (size is null || (size[0] == 2 * input.Sizes()[2] && size[1] == 2 * input.Sizes()[3])) && DoublingConvolution.Fits(input))
            return DoublingConvolution.Run(input, _conv.Weight, _conv.Bias);

        var enlarged = size is null
            ? F.interpolate(input, scale_factor: [2, 2], mode: InterpolationMode.Nearest)
            : F.interpolate(input, size: size, mode: InterpolationMode.Nearest);
        if (_conv is null)
            return enlarged;

        using (enlarged)
            return _conv.call(enlarged);
    }
}
