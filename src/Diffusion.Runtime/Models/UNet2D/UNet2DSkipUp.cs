using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>How Skip blocks add up the output (NCSN++, arXiv:2011.13456): the image so far, doubled, plus what this level's features say; then a smoothing resnet doubles those.</summary>
internal sealed class UNet2DSkipUp
{
    private readonly FirUpsample2D _upsampler;
    private readonly ResnetBlock2D? _resnetUp;
    private readonly Conv2d? _skipConv;
    private readonly GroupNorm? _skipNorm;
    private readonly SiLU? _act;

    public UNet2DSkipUp(nn.Module block, UNet2DLevel level, LayerOptions options)
    {
        block.register_module("upsampler", _upsampler = new FirUpsample2D());
        if (!level.Resamples)
            return;

        block.register_module("resnet_up", _resnetUp = new ResnetBlock2D(level.SkipResnet(level.OutChannels, Resampling.FirUp), options));
        block.register_module("skip_conv", _skipConv = new Conv2d(level.OutChannels, 3, kernel: 3, stride: 1, padding: 1, options));
        block.register_module("skip_norm", _skipNorm = new GroupNorm(UNet2DLevel.SkipGroups(level.OutChannels), level.OutChannels, level.Config.NormEps, options));
        block.register_module("act", _act = new SiLU());
    }

    /// <summary>The features at twice the size, or null at the finest level; the carried image grows in both cases.</summary>
    public Tensor? Forward(UNet2DState state)
    {
        var image = state.Image is null ? null : _upsampler.call(state.Image);
        if (_resnetUp is null)
        {
            state.Image = image;
            return null;
        }

        using var normed = _skipNorm!.call(state.Hidden);
        using var activated = _act!.call(normed);
        var said = _skipConv!.call(activated);
        state.Image = image is null ? said : Arithmetic.Plus(image, said);

        return state.Through(_resnetUp);
    }
}
