using System;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>A colour of a picture that was computed, in sRGB, 0 to 255.</summary>
internal readonly record struct PixelColor(double Red, double Green, double Blue)
{
    public static PixelColor operator +(PixelColor one, PixelColor other) => new(one.Red + other.Red, one.Green + other.Green, one.Blue + other.Blue);

    public static PixelColor operator *(PixelColor color, double factor) => new(color.Red * factor, color.Green * factor, color.Blue * factor);

    public static implicit operator PixelColor((byte Red, byte Green, byte Blue) color) => new(color.Red, color.Green, color.Blue);

    public static PixelColor At(Image picture, int x, int y) => new(picture[x, y, 0], picture[x, y, 1], picture[x, y, 2]);

    public double DistanceTo(PixelColor other)
    {
        var (red, green, blue) = (Red - other.Red, Green - other.Green, Blue - other.Blue);
        return Math.Sqrt((red * red) + (green * green) + (blue * blue));
    }
}
