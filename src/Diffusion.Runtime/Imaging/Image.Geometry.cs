using System;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime;

/// <content>Images of another size, part or kind.</content>
public sealed partial class Image
{
    /// <summary>
    /// The image in another size: each pixel is the mean of the pixels it covers, weighted by a triangle, as Pillow's <c>BILINEAR</c> does it, which
    /// torchvision's <c>Resize</c> uses; rows first, rounded to 8 bits, then columns.
    /// </summary>
    /// <param name="width">Pixels in a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <exception cref="DiffusionException">DIF0455: a side below 1, or the result too large.</exception>
    public Image Resize(int width, int height) => Resize(width, height, ResampleFilter.Bilinear);

    /// <summary>The image in another size by a bicubic filter, as Pillow's <c>BICUBIC</c> does it, which CLIP uses: sharper than <see cref="Resize(int, int)"/>.</summary>
    /// <param name="width">Pixels in a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <exception cref="DiffusionException">DIF0455: a side below 1, or the result too large.</exception>
    public Image ResizeBicubic(int width, int height) => Resize(width, height, ResampleFilter.Bicubic);

    /// <summary>A rectangle of the image.</summary>
    /// <param name="x">Its left column.</param>
    /// <param name="y">Its top row.</param>
    /// <param name="width">Its width, at least 1.</param>
    /// <param name="height">Its height, at least 1.</param>
    /// <exception cref="DiffusionException">DIF0525: the rectangle is not within the image.</exception>
    public Image Crop(int x, int y, int width, int height)
    {
        if (x < 0 || y < 0 || width < 1 || height < 1 || (long)x + width > Width || (long)y + height > Height)
            throw Rules.CropTooLarge.Error(this, Invariant($"{width} x {height} at ({x}, {y})"));

        var bytes = new byte[width * height * Channels];
        for (var row = 0; row < height; row++)
            Row(y + row).Slice(x * Channels, width * Channels).CopyTo(bytes.AsSpan(row * width * Channels));

        return new Image(bytes, width, height, Channels);
    }

    /// <summary>The image seen in a mirror: left and right change places.</summary>
    public Image FlipHorizontally()
    {
        var bytes = new byte[pixels.Length];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
                Row(y).Slice((Width - 1 - x) * Channels, Channels).CopyTo(bytes.AsSpan(((y * Width) + x) * Channels));
        }

        return new Image(bytes, Width, Height, Channels);
    }

    /// <summary>The image in gray, by luma 0.299 R + 0.587 G + 0.114 B as Pillow's <c>convert("L")</c> computes it; a gray image stays.</summary>
    public Image ToGray()
    {
        if (Channels == 1)
            return this;

        var bytes = new byte[Width * Height];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(((19595 * pixels[3 * i]) + (38470 * pixels[(3 * i) + 1]) + (7471 * pixels[(3 * i) + 2]) + 0x8000) >> 16);

        return new Image(bytes, Width, Height, 1);
    }

    /// <summary>The image with three channels: gray is repeated in each; an RGB image stays.</summary>
    public Image ToRgb() => Channels == 3 ? this : new Image([.. pixels.SelectMany(value => new[] { value, value, value })], Width, Height, 3);

    private static void CheckSide(string side, int value)
    {
        if (value < 1)
            throw Rules.ImageLayout.Error(side, value, "1 or more");
    }

    private Image Resize(int width, int height, ResampleFilter filter)
    {
        CheckSide("width", width);
        CheckSide("height", height);
        var wide = width == Width ? this : ResizeRows(width, filter);
        return height == Height ? wide : wide.Transpose().ResizeRows(height, filter).Transpose();
    }

    // Fixed-point weights of 22 bits, so that the result is the same on every machine.
    private Image ResizeRows(int width, ResampleFilter filter)
    {
        const int bits = 22;
        var bytes = Room(width, Height, Channels);
        for (var column = 0; column < width; column++)
        {
            var taps = filter.Taps(Width, width, column);
            var parts = Array.ConvertAll(taps.Weights, weight => (int)Math.Round(weight * (1 << bits), MidpointRounding.AwayFromZero));
            for (var y = 0; y < Height; y++)
            {
                for (var channel = 0; channel < Channels; channel++)
                {
                    var sum = 1L << (bits - 1);
                    for (var i = 0; i < parts.Length; i++)
                        sum += (long)parts[i] * pixels[(((y * Width) + taps.First + i) * Channels) + channel];
                    bytes[(((y * width) + column) * Channels) + channel] = (byte)Math.Clamp(sum >> bits, 0, byte.MaxValue);
                }
            }
        }

        return new Image(bytes, width, Height, Channels);
    }

    private Image Transpose()
    {
        var bytes = new byte[pixels.Length];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
                Row(y).Slice(x * Channels, Channels).CopyTo(bytes.AsSpan(((x * Height) + y) * Channels));
        }

        return new Image(bytes, Height, Width, Channels);
    }
}
