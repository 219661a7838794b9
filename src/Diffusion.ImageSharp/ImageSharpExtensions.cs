using System;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using Image = Diffusion.Runtime.Image;

namespace Diffusion.ImageSharp;

/// <summary>Conversions between <see cref="Image"/> and the images of SixLabors.ImageSharp; pixels are copied, never rescaled.</summary>
public static class ImageSharpExtensions
{
    /// <summary>A copy with three channels; gray is repeated.</summary>
    /// <param name="image">Gray or RGB, 8 bits a channel.</param>
    /// <returns>An ImageSharp image, to be disposed by the caller.</returns>
    public static Image<Rgb24> ToImageSharp(this Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Channels == 3)
            return SixLabors.ImageSharp.Image.LoadPixelData<Rgb24>(image.Pixels.Span, image.Width, image.Height);

        using var gray = image.ToImageSharpGray();
        return gray.CloneAs<Rgb24>();
    }

    /// <summary>A copy with one channel.</summary>
    /// <param name="image">A gray image.</param>
    /// <returns>An ImageSharp image, to be disposed by the caller.</returns>
    /// <exception cref="ArgumentException">The image is RGB; how to mix its channels is the caller's choice.</exception>
    public static Image<L8> ToImageSharpGray(this Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Channels == 1
            ? SixLabors.ImageSharp.Image.LoadPixelData<L8>(image.Pixels.Span, image.Width, image.Height)
            : throw new ArgumentException("The image is RGB; convert it with ToImageSharp and then to gray.", nameof(image));
    }

    /// <summary>A copy as an RGB image; transparency is dropped, not blended, as Pillow's <c>convert("RGB")</c> does.</summary>
    /// <param name="image">An image of any pixel format; not disposed. Of an animation, the first frame.</param>
    public static Image ToDiffusionImage(this SixLabors.ImageSharp.Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var rgb = image.CloneAs<Rgb24>();
        var pixels = new byte[checked(3 * rgb.Width * rgb.Height)];
        rgb.CopyPixelDataTo(pixels);
        return new Image(rgb.Width, rgb.Height, 3, pixels);
    }

    /// <summary>A copy as a gray image.</summary>
    /// <param name="image">A gray image; not disposed.</param>
    public static Image ToDiffusionImage(this Image<L8> image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var pixels = new byte[checked(image.Width * image.Height)];
        image.CopyPixelDataTo(pixels);
        return new Image(image.Width, image.Height, 1, pixels);
    }
}
