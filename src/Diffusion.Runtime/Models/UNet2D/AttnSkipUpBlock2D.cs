using System;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Resnets with one attention after the last, then <see cref="UNet2DSkipUp"/>.</summary>
internal sealed class AttnSkipUpBlock2D : UNet2DUpBlock
{
    private readonly UNet2DSkipUp _up;

    public AttnSkipUpBlock2D(UNet2DLevel level, LayerOptions options)
        : base(nameof(AttnSkipUpBlock2D), level, options, layer => Settings(level, layer), layer => layer == level.Config.LayersPerBlock ? level.SkipAttention(options) : null) =>
        _up = new UNet2DSkipUp(this, level, options);

    private protected override Tensor? Upsample(UNet2DState state) => _up.Forward(state);

    // diffusers divides only the skip's channels by four here; its checkpoints are trained so.
    private static ResnetBlock2DSettings Settings(UNet2DLevel level, int layer)
    {
        var below = layer == 0 ? level.PreviousChannels : level.OutChannels;
        var skip = level.UpChannels(layer) - below;

        return level.SkipResnet(below + skip) with { Groups = Math.Min(below + (skip / 4), 32) };
    }
}
