using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Resnets with attention after each, then <see cref="UNet2DSkipDown"/>.</summary>
internal sealed class AttnSkipDownBlock2D : UNet2DDownBlock
{
    private readonly UNet2DSkipDown? _down;

    public AttnSkipDownBlock2D(UNet2DLevel level, LayerOptions options)
        : base(nameof(AttnSkipDownBlock2D), level, options, attends: true, skips: true)
    {
        if (level.Resamples)
            _down = new UNet2DSkipDown(this, level, options);
    }

    private protected override Tensor? Downsample(UNet2DState state) => _down?.Forward(state);
}
