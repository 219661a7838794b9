using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Resnets, the last of which halves the size.</summary>
internal sealed class ResnetDownsampleBlock2D : UNet2DDownBlock
{
    private readonly ResnetBlock2D? _downsampler;

    public ResnetDownsampleBlock2D(UNet2DLevel level, LayerOptions options)
        : base(nameof(ResnetDownsampleBlock2D), level, options, attends: false)
    {
        if (level.Resamples)
            register_module("downsamplers", new ModuleList<ResnetBlock2D>(_downsampler = new ResnetBlock2D(level.Resnet(level.OutChannels, Resampling.Down), options)));
    }

    private protected override Tensor? Downsample(UNet2DState state) => state.Through(_downsampler);
}
