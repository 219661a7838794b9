using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Resnets, then a strided convolution.</summary>
internal sealed class DownBlock2D : UNet2DDownBlock
{
    private readonly Downsample2D? _downsampler;

    public DownBlock2D(UNet2DLevel level, LayerOptions options)
        : base(nameof(DownBlock2D), level, options, attends: false)
    {
        if (level.Resamples)
            register_module("downsamplers", new ModuleList<Downsample2D>(_downsampler = level.Downsampler(options)));
    }

    private protected override Tensor? Downsample(UNet2DState state) => _downsampler?.call(state.Hidden);
}
