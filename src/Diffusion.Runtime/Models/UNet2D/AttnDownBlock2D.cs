using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Resnets with attention after each, then a strided convolution or a resnet that halves the size.</summary>
internal sealed class AttnDownBlock2D : UNet2DDownBlock
{
    private readonly Downsample2D? _convolution;
    private readonly ResnetBlock2D? _resnet;

    public AttnDownBlock2D(UNet2DLevel level, LayerOptions options)
        : base(nameof(AttnDownBlock2D), level, options, attends: true)
    {
        if (!level.Resamples)
            return;
        if (level.Config is { DownsampleType: "resnet", LearnedResampling: true })
            register_module("downsamplers", new ModuleList<ResnetBlock2D>(_resnet = new ResnetBlock2D(level.Resnet(level.OutChannels, Resampling.Down), options)));
        else
            register_module("downsamplers", new ModuleList<Downsample2D>(_convolution = level.Downsampler(options)));
    }

    private protected override Tensor? Downsample(UNet2DState state) => state.Through(_resnet) ?? _convolution?.call(state.Hidden);
}
