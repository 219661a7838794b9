using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>Halves height and width, <c>[N, C, H, W]</c> to <c>[N, C, ⌈H/2⌉, ⌈W/2⌉]</c>, by a strided convolution, or by the mean of squares (rounding down).</summary>
public sealed class Downsample2D : Layer
{
    private readonly nn.Module<Tensor, Tensor> _conv;
    private readonly bool _padsFarEdge;

    /// <summary>By a convolution.</summary>
    /// <param name="channels">C.</param>
    /// <param name="padding">1, or 0 for one zero at the right and bottom edges only, as in the original DDPM.</param>
    /// <param name="options">How the parameters are made.</param>
    public Downsample2D(long channels, int padding, LayerOptions options)
        : base(nameof(Downsample2D))
    {
        _padsFarEdge = padding == 0;
        register_module("conv", _conv = new Conv2d(channels, channels, kernel: 3, stride: 2, padding, options));
    }

    /// <summary>By the mean of 2 by 2 squares.</summary>
    public Downsample2D()
        : base(nameof(Downsample2D)) => register_module("conv", _conv = new AvgPool2d());

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (!_padsFarEdge)
            return _conv.call(input);

        using var padded = F.pad(input, [0, 1, 0, 1]);

        return _conv.call(padded);
    }
}
