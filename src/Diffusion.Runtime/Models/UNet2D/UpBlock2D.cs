using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Resnets, then twice the size and a convolution.</summary>
internal sealed class UpBlock2D : UNet2DUpBlock
{
    private readonly Upsample2D? _upsampler;

    public UpBlock2D(UNet2DLevel level, LayerOptions options)
        : base(nameof(UpBlock2D), level, options, layer => level.Resnet(level.UpChannels(layer)), _ => null)
    {
        if (level.Resamples)
            register_module("upsamplers", new ModuleList<Upsample2D>(_upsampler = level.Upsampler(options)));
    }

    private protected override Tensor? Upsample(UNet2DState state) => _upsampler?.Forward(state.Hidden, state.NextSize);
}
