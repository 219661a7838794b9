using System;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Convolutions;

/// <summary>Images <c>[N, C, H, W]</c> whose memory goes pixel by pixel: the order in which convolutions are products.</summary>
internal static class ChannelsLast
{
    /// <summary>Whether an image's memory goes pixel by pixel, and not also channel by channel.</summary>
    public static bool Is(Tensor image) => image.dim() == 4 && !image.is_contiguous() && Holds(image);

    /// <summary>Whether an image's memory goes pixel by pixel.</summary>
    /// <param name="image"><c>[N, C, H, W]</c>.</param>
    public static bool Holds(Tensor image)
    {
        var (sizes, strides) = (image.Sizes(), image.Strides());
        var expected = 1L;
        foreach (var axis in (ReadOnlySpan<int>)[1, 3, 2, 0])
        {
            if (sizes[axis] != 1 && strides[axis] != expected)
                return false;
            expected *= sizes[axis];
        }

        return true;
    }

    /// <summary>The image as <c>[N, H, W, C]</c>, contiguous; a view where its memory goes pixel by pixel already.</summary>
    public static Tensor Pixels(Tensor image)
    {
        var pixels = image.permute(0, 2, 3, 1);
        if (pixels.is_contiguous())
            return pixels;

        using (pixels)
            return pixels.contiguous();
    }

    /// <summary>Pixels with zeros around them; the same ones where there are none to add.</summary>
    /// <param name="pixels"><c>[N, H, W, C]</c>, contiguous, on the CPU.</param>
    /// <param name="padding">Zeros at every edge.</param>
    public static unsafe Tensor Padded(Tensor pixels, int padding)
    {
        if (padding == 0)
            return pixels;

        var shape = pixels.Sizes();
        var (samples, height, pixel) = ((int)shape[0], (int)shape[1], (int)(shape[3] * pixels.element_size()));
        var (inner, edge) = ((int)shape[2] * pixel, padding * pixel);
        var (line, lines) = (inner + (2 * edge), height + (2 * padding));
        var padded = empty([shape[0], lines, shape[2] + (2 * padding), shape[3]], pixels.dtype);
        var (from, to) = (Memory.Address(pixels), Memory.Address(padded));
        TorchThreads.For(samples * lines, TorchThreads.Most(8 * padded.numel()), (begin, end) =>
        {
            for (var row = begin; row < end; row++)
            {
                var (sample, y) = Math.DivRem(row, lines);
                var target = new Span<byte>((byte*)to + ((nint)row * line), line);
                y -= padding;
                if ((uint)y >= (uint)height)
                {
                    target.Clear();
                    continue;
                }

                target[..edge].Clear();
                new Span<byte>((byte*)from + ((((nint)sample * height) + y) * inner), inner).CopyTo(target[edge..]);
                target[^edge..].Clear();
            }
        });

        return padded;
    }

    /// <summary>A new image <c>[N, C, H, W]</c> on the CPU whose memory goes pixel by pixel; what it holds is not known.</summary>
    public static Tensor Empty(long samples, long channels, long height, long width, ScalarType type) =>
        empty_strided([samples, channels, height, width], [height * width * channels, 1, width * channels, channels], type);

    /// <summary>The image of pixels <c>[N, H, W, C]</c>: a view, <c>[N, C, H, W]</c>.</summary>
    public static Tensor Image(Tensor pixels) => pixels.permute(0, 3, 1, 2);
}
