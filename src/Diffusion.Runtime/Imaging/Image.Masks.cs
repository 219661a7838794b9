using System;

namespace Diffusion.Runtime;

/// <content>Images that say where.</content>
public sealed partial class Image
{
    /// <summary>Where the image is light: gray, 255 where the mean of a pixel's channels is above the middle, else 0.</summary>
    internal Image Lights()
    {
        var bytes = new byte[Width * Height];
        for (var i = 0; i < bytes.Length; i++)
        {
            var sum = 0;
            foreach (var value in pixels.AsSpan(i * Channels, Channels))
                sum += value;
            bytes[i] = 2 * sum > byte.MaxValue * Channels ? byte.MaxValue : (byte)0;
        }

        return new Image(bytes, Width, Height, 1);
    }

    /// <summary>This image, and another one where a mask is not black: pixels are one's or the other's, never mixed. The receipt is the other's.</summary>
    /// <param name="other">Of the same size and channels.</param>
    /// <param name="mask">Of the same size, gray.</param>
    internal Image With(Image other, Image mask)
    {
        var mixed = pixels.AsSpan().ToArray();
        for (var i = 0; i < mixed.Length; i++)
        {
            if (mask.pixels[i / Channels] != 0)
                mixed[i] = other.pixels[i];
        }

        return new Image(mixed, Width, Height, Channels, other.origin);
    }
}
