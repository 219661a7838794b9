using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime;

/// <content>Images beside images, and images made larger.</content>
public sealed partial class Image
{
    /// <summary>
    /// Images of one size in rows, from left to right and from the top down; places that stay free show the background. Pictures of one loaded pipeline give a grid
    /// with the receipt of all.
    /// </summary>
    /// <param name="images">At least one image; all of one size and channel count.</param>
    /// <param name="columns">Images in a row, at least 1.</param>
    /// <param name="padding">Pixels between images and around them, at least 0.</param>
    /// <param name="background">Value of the padding and of free places, 0 (black) to 255 (white), in every channel.</param>
    /// <exception cref="DiffusionException">DIF0453: the sizes differ. DIF0454: no images. DIF0455: columns or padding out of range, or the grid too large.</exception>
    public static Image Grid(IEnumerable<Image> images, int columns = 8, int padding = 0, byte background = 0)
    {
        var list = OneSize(images);
        if (columns < 1)
            throw Rules.ImageLayout.Error("columns", columns, "1 or more");
        if (padding < 0)
            throw Rules.ImageLayout.Error("padding", padding, "0 or more");

        var first = list[0];
        columns = Math.Min(columns, list.Count);
        var rows = (list.Count + columns - 1) / columns;
        var width = columns * ((long)first.Width + padding) + padding;
        var height = rows * ((long)first.Height + padding) + padding;
        var bytes = Room(width, height, first.Channels);
        if (background != 0)
            Array.Fill(bytes, background);

        for (var n = 0; n < list.Count; n++)
        {
            var left = n % columns * (first.Width + padding) + padding;
            var top = n / columns * (first.Height + padding) + padding;
            for (var y = 0; y < first.Height; y++)
                list[n].Row(y).CopyTo(bytes.AsSpan((int)(((top + y) * width + left) * first.Channels)));
        }

        return new Image(bytes, (int)width, (int)height, first.Channels, ImageOrigin.Together(list.Select(image => image.origin)));
    }

    /// <summary>Images of one size in one row: a grid of a single row.</summary>
    /// <param name="images">At least one image; all of one size and channel count.</param>
    /// <param name="padding">Pixels between images and around them, at least 0.</param>
    /// <param name="background">Value of the padding, 0 (black) to 255 (white), in every channel.</param>
    /// <exception cref="DiffusionException">DIF0453: the sizes differ. DIF0454: no images. DIF0455: padding out of range, or the strip too large.</exception>
    public static Image Strip(IEnumerable<Image> images, int padding = 0, byte background = 0) =>
        Grid(images, int.MaxValue, padding, background);

    /// <summary>The image with every pixel drawn as a square: nearest-neighbour upscaling, which shows small images as they are. Its receipt stays.</summary>
    /// <param name="factor">Side of the square, 1 or more.</param>
    /// <exception cref="DiffusionException">DIF0455: factor out of range, or the result too large.</exception>
    public Image Enlarge(int factor)
    {
        if (factor < 1)
            throw Rules.ImageLayout.Error("factor", factor, "1 or more");

        var bytes = Room((long)Width * factor, (long)Height * factor, Channels);
        var row = Width * factor * Channels;
        for (var y = 0; y < Height; y++)
        {
            var target = bytes.AsSpan(y * factor * row, row);
            for (var x = 0; x < Width * factor; x++)
                Row(y).Slice(x / factor * Channels, Channels).CopyTo(target[(x * Channels)..]);
            for (var copy = 1; copy < factor; copy++)
                target.CopyTo(bytes.AsSpan((y * factor + copy) * row));
        }

        return new Image(bytes, Width * factor, Height * factor, Channels, origin);
    }

    private static List<Image> OneSize(IEnumerable<Image> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var list = images.ToList();
        if (list.Count == 0)
            throw Rules.NoImages.Error();

        var odd = list.FindIndex(image => !image.SameShape(list[0]));
        return odd < 0 ? list : throw Rules.ImageSizesDiffer.Error(odd, list[odd], list[0]);
    }

    private static byte[] Room(long width, long height, int channels) =>
        width <= int.MaxValue && height <= int.MaxValue && width * height <= Array.MaxLength / channels
            ? new byte[width * height * channels]
            : throw Rules.ImageLayout.Error("the result", Invariant($"{width} x {height} pixels"), "fewer images, less padding or a smaller factor");

    private ReadOnlySpan<byte> Row(int y) => pixels.AsSpan(y * Width * Channels, Width * Channels);
}
