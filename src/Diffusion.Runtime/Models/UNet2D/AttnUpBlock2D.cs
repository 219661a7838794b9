using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Resnets with attention after each, then twice the size by a convolution or by a resnet.</summary>
internal sealed class AttnUpBlock2D : UNet2DUpBlock
{
    private readonly Upsample2D? _convolution;
    private readonly ResnetBlock2D? _resnet;

    public AttnUpBlock2D(UNet2DLevel level, LayerOptions options)
        : base(nameof(AttnUpBlock2D), level, options, layer => level.Resnet(level.UpChannels(layer)), _ => level.Attention(options))
    {
        if (!level.Resamples)
            return;
        if (level.Config is { UpsampleType: "resnet", LearnedResampling: true })
            register_module("upsamplers", new ModuleList<ResnetBlock2D>(_resnet = new ResnetBlock2D(level.Resnet(level.OutChannels, Resampling.Up), options)));
        else
            register_module("upsamplers", new ModuleList<Upsample2D>(_convolution = level.Upsampler(options)));
    }

    private protected override Tensor? Upsample(UNet2DState state) =>
        state.Through(_resnet) ?? _convolution?.Forward(state.Hidden, state.NextSize);
}
