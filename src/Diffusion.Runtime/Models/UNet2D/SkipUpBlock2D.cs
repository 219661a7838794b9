using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Resnets, then <see cref="UNet2DSkipUp"/>.</summary>
internal sealed class SkipUpBlock2D : UNet2DUpBlock
{
    private readonly UNet2DSkipUp _up;

    public SkipUpBlock2D(UNet2DLevel level, LayerOptions options)
        : base(nameof(SkipUpBlock2D), level, options, layer => level.SkipResnet(level.UpChannels(layer)), _ => null) =>
        _up = new UNet2DSkipUp(this, level, options);

    private protected override Tensor? Upsample(UNet2DState state) => _up.Forward(state);
}
