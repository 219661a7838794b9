using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Conv2d = Diffusion.Runtime.Layers.Conv2d;

namespace Diffusion.Runtime.Models;

/// <summary>How Skip blocks halve the size (NCSN++, arXiv:2011.13456): a smoothing resnet, plus the input itself, halved and convolved to the level's channels.</summary>
internal sealed class UNet2DSkipDown
{
    private readonly ResnetBlock2D _resnetDown;
    private readonly FirDownsample2D _downsampler;
    private readonly Conv2d _skipConv;

    public UNet2DSkipDown(nn.Module block, UNet2DLevel level, LayerOptions options)
    {
        block.register_module("resnet_down", _resnetDown = new ResnetBlock2D(level.SkipResnet(level.OutChannels, Resampling.FirDown), options));
        block.register_module("downsamplers", new ModuleList<FirDownsample2D>(_downsampler = new FirDownsample2D()));
        block.register_module("skip_conv", _skipConv = new Conv2d(3, level.OutChannels, kernel: 1, stride: 1, padding: 0, options));
    }

    /// <summary>The features at half the size; the carried image shrinks too.</summary>
    public Tensor Forward(UNet2DState state)
    {
        state.Image = _downsampler.call(state.Image!);
        using var hidden = state.Through(_resnetDown);
        using var image = _skipConv.call(state.Image);

        return Arithmetic.Plus(image, hidden);
    }
}
