using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>What the colours of scenes are in sRGB, and which pairs of colour and shape are held out of training.</summary>
public static class ScenePalette
{
    private const double Darker = 0.6;

    // Black cannot grow darker: its shade is gray.
    private static readonly (byte Red, byte Green, byte Blue) ShadeOfBlack = (100, 100, 100);

    /// <summary>All colours.</summary>
    public static IReadOnlyList<SceneColor> Colors { get; } = Enum.GetValues<SceneColor>();

    /// <summary>All shapes.</summary>
    public static IReadOnlyList<ShapeKind> Kinds { get; } = Enum.GetValues<ShapeKind>();

    /// <summary>The pairs that no scene of <see cref="SceneSplit.Training"/> has: one shape of each colour.</summary>
    public static IReadOnlyList<(SceneColor Color, ShapeKind Kind)> HeldOut { get; } =
        [.. Colors.SelectMany(color => Kinds, (color, kind) => (Color: color, Kind: kind)).Where(pair => IsHeldOut(pair.Color, pair.Kind))];

    /// <summary>Whether training never sees this pair: the shape's number plus three times the colour's leaves 5 when divided by 8.</summary>
    /// <param name="color">The colour.</param>
    /// <param name="kind">The shape.</param>
    public static bool IsHeldOut(SceneColor color, ShapeKind kind) => (((int)kind + (3 * (int)color)) % 8) == 5;

    /// <summary>A colour in sRGB, 0 to 255.</summary>
    /// <param name="color">The colour.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such colour.</exception>
    public static (byte Red, byte Green, byte Blue) Rgb(SceneColor color) => color switch
    {
        SceneColor.Red => (220, 40, 40),
        SceneColor.Orange => (245, 140, 30),
        SceneColor.Yellow => (250, 225, 60),
        SceneColor.Green => (45, 165, 70),
        SceneColor.Cyan => (70, 205, 220),
        SceneColor.Blue => (40, 80, 215),
        SceneColor.Purple => (135, 55, 190),
        SceneColor.Pink => (250, 140, 190),
        SceneColor.White => (250, 250, 250),
        SceneColor.Black => (20, 20, 20),
        SceneColor.Gray => (135, 135, 135),
        _ => throw new ArgumentOutOfRangeException(nameof(color), color, "There is no such colour."),
    };

    /// <summary>The shade of a colour in which stripes and dots are drawn: darker, and for black lighter.</summary>
    /// <param name="color">The colour.</param>
    public static (byte Red, byte Green, byte Blue) Shade(SceneColor color)
    {
        if (color == SceneColor.Black)
            return ShadeOfBlack;

        var (red, green, blue) = Rgb(color);
        return ((byte)(red * Darker), (byte)(green * Darker), (byte)(blue * Darker));
    }

    /// <summary>How far two colours lie apart in RGB, 0 to 442.</summary>
    internal static double Distance((byte Red, byte Green, byte Blue) one, (double Red, double Green, double Blue) other) =>
        Math.Sqrt(Square(one.Red - other.Red) + Square(one.Green - other.Green) + Square(one.Blue - other.Blue));

    private static double Square(double value) => value * value;
}
