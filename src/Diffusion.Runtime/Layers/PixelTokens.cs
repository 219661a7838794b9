using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Kernels.Convolutions;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>Images as sequences of pixels, for attention: views, where an image's memory goes pixel by pixel.</summary>
internal static class PixelTokens
{
    /// <summary><c>[N, C, H, W]</c> as <c>[N, H · W, C]</c>, contiguous.</summary>
    public static Tensor Of(Tensor image)
    {
        var shape = image.Sizes();
        using var scope = NewDisposeScope();

        return ChannelsLast.Pixels(image).view(shape[0], shape[2] * shape[3], shape[1]).MoveToOuterDisposeScope();
    }

    /// <summary><c>[N, H · W, C]</c> as <c>[N, C, H, W]</c>, in the order of another image.</summary>
    public static Tensor ToImage(Tensor tokens, long[] shape, Tensor like)
    {
        using var scope = NewDisposeScope();
        var image = tokens.view(shape[0], shape[2], shape[3], shape[1]).permute(0, 3, 1, 2);

        return (ChannelsLast.Is(like) ? image : image.contiguous()).MoveToOuterDisposeScope();
    }
}
