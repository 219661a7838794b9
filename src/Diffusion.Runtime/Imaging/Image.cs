using System;
using Diffusion.Dsl;

namespace Diffusion.Runtime;

/// <summary>
/// A picture of 8-bit pixels, gray or RGB: an immutable value, equal to another of the same size and the same pixels.
/// May be shared by threads; holds no native memory.
/// </summary>
public sealed partial class Image : IEquatable<Image>
{
    private readonly byte[] pixels;
    private readonly ImageOrigin? origin;

    /// <summary>An image of the given pixels.</summary>
    /// <param name="width">Pixels in a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="channels">1 (gray) or 3 (red, green, blue).</param>
    /// <param name="pixels">Values 0 to 255, shape <c>[H, W, C]</c>, rows from the top; copied.</param>
    /// <exception cref="DiffusionException">DIF0450: the numbers do not belong together.</exception>
    public Image(int width, int height, int channels, byte[] pixels)
        : this(Checked(width, height, channels, pixels), width, height, channels)
    {
    }

    private Image(byte[] owned, int width, int height, int channels, ImageOrigin? origin = null)
    {
        this.origin = origin;
        Width = width;
        Height = height;
        Channels = channels;
        pixels = owned;
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>1 (gray) or 3 (red, green, blue).</summary>
    public int Channels { get; }

    /// <summary>The pixels, shape <c>[H, W, C]</c>, rows from the top, 0 to 255.</summary>
    public ReadOnlyMemory<byte> Pixels => pixels;

    /// <summary>One value of one pixel, 0 to 255.</summary>
    /// <param name="x">Column, 0 is left.</param>
    /// <param name="y">Row, 0 is the top.</param>
    /// <param name="channel">0 (gray or red), 1 (green) or 2 (blue).</param>
    /// <exception cref="ArgumentOutOfRangeException">The pixel or the channel does not exist.</exception>
    public byte this[int x, int y, int channel = 0]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)x, (uint)Width, nameof(x));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)channel, (uint)Channels, nameof(channel));
            return pixels[((long)y * Width + x) * Channels + channel];
        }
    }

    /// <summary>Same size, same channels and the same pixels; receipts are not compared.</summary>
    /// <param name="other">The image to compare with.</param>
    public bool Equals(Image? other) =>
        other is not null && SameShape(other) && pixels.AsSpan().SequenceEqual(other.pixels);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Image);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Width);
        hash.Add(Height);
        hash.Add(Channels);
        hash.AddBytes(pixels);
        return hash.ToHashCode();
    }

    /// <summary>Size and kind, such as <c>28 x 28 gray</c>.</summary>
    public override string ToString() => Invariant($"{Width} x {Height} {(Channels == 1 ? "gray" : "RGB")}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static byte[] Checked(int width, int height, int channels, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (width < 1 || height < 1 || channels is not (1 or 3) || (long)width * height * channels != pixels.Length)
            throw Rules.ImageSize.Error(width, height, channels, pixels.Length);

        return (byte[])pixels.Clone();
    }

    private bool SameShape(Image other) => Width == other.Width && Height == other.Height && Channels == other.Channels;
}
