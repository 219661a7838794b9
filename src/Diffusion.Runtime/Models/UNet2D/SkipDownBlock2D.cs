using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Resnets, then <see cref="UNet2DSkipDown"/>.</summary>
internal sealed class SkipDownBlock2D : UNet2DDownBlock
{
    private readonly UNet2DSkipDown? _down;

    public SkipDownBlock2D(UNet2DLevel level, LayerOptions options)
        : base(nameof(SkipDownBlock2D), level, options, attends: false, skips: true)
    {
        if (level.Resamples)
            _down = new UNet2DSkipDown(this, level, options);
    }

    private protected override Tensor? Downsample(UNet2DState state) => _down?.Forward(state);
}
