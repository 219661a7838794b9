using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Resnets, the last of which doubles the size.</summary>
internal sealed class ResnetUpsampleBlock2D : UNet2DUpBlock
{
    private readonly ResnetBlock2D? _upsampler;

    public ResnetUpsampleBlock2D(UNet2DLevel level, LayerOptions options)
        : base(nameof(ResnetUpsampleBlock2D), level, options, layer => level.Resnet(level.UpChannels(layer)), _ => null)
    {
        if (level.Resamples)
            register_module("upsamplers", new ModuleList<ResnetBlock2D>(_upsampler = new ResnetBlock2D(level.Resnet(level.OutChannels, Resampling.Up), options)));
    }

    private protected override Tensor? Upsample(UNet2DState state) => state.Through(_upsampler);
}
