using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Convolutions;

/// <summary>Images <c>[N, C, H, W]</c> whose memory goes pixel by pixel: the order in which convolutions are products.</summary>
internal static class ChannelsLast
{
    /// <summary>Whether an image's memory goes pixel by pixel, and not also channel by channel.</summary>
    public static bool Is(Tensor image)
    {
        if (image.dim() != 4 || image.is_contiguous())
            return false;

        using var pixels = image.permute(0, 2, 3, 1);

        return pixels.is_contiguous();
    }

    /// <summary>The image as <c>[N, H, W, C]</c>, contiguous; a view where its memory goes pixel by pixel already.</summary>
    public static Tensor Pixels(Tensor image)
    {
        using var pixels = image.permute(0, 2, 3, 1);

        return pixels.contiguous();
    }

    /// <summary>The image of pixels <c>[N, H, W, C]</c>: a view, <c>[N, C, H, W]</c>.</summary>
    public static Tensor Image(Tensor pixels) => pixels.permute(0, 3, 1, 2);
}
