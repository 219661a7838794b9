using System;

namespace Diffusion.Runtime;

/// <content>Captions.</content>
public sealed partial class Image
{
    /// <summary>The image with a line of small figures below it, white on black, in the middle; what does not fit is cut off.</summary>
    /// <param name="text">Digits and <c>. - + = t e</c>; any other character is blank. Each takes 4 pixels of width, the line 7 of height.</param>
    public Image WithCaption(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const int line = PixelFont.Height + 2;
        var bytes = new byte[(long)Width * (Height + line) * Channels];
        pixels.CopyTo(bytes, 0);
        var left = Math.Max(0, (Width - (text.Length * (PixelFont.Width + 1)) + 1) / 2);
        for (var i = 0; i < text.Length; i++)
        {
            for (var y = 0; y < PixelFont.Height; y++)
            {
                for (var x = 0; x < PixelFont.Width; x++)
                {
                    var column = left + (i * (PixelFont.Width + 1)) + x;
                    if (column < Width && PixelFont.IsSet(text[i], x, y))
                        bytes.AsSpan((((Height + 1 + y) * Width) + column) * Channels, Channels).Fill(byte.MaxValue);
                }
            }
        }

        return new Image(bytes, Width, Height + line, Channels);
    }
}
