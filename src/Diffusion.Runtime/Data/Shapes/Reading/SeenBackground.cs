using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>The background of a picture, from the pixels at its left and right edges: a line from the top's colour to the bottom's.</summary>
/// <param name="Top">The colour of the first row.</param>
/// <param name="Bottom">The colour of the last row.</param>
internal sealed record SeenBackground(PixelColor Top, PixelColor Bottom)
{
    // Where the ends differ by less, the background has one colour.
    private const double Graded = 60;

    private static readonly int[] EdgeColumns = [0, 1, Scene.Size - 2, Scene.Size - 1];

    /// <summary>The background of a picture: least squares through the medians of its rows' ends.</summary>
    public static SeenBackground Of(Image picture)
    {
        var rows = Enumerable.Range(0, Scene.Size).Select(y => Median([.. EdgeColumns.Select(x => PixelColor.At(picture, x, y))])).ToArray();
        return new SeenBackground(
            new(Line(rows, color => color.Red, 0), Line(rows, color => color.Green, 0), Line(rows, color => color.Blue, 0)),
            new(Line(rows, color => color.Red, 1), Line(rows, color => color.Green, 1), Line(rows, color => color.Blue, 1)));
    }

    /// <summary>The colour of a row.</summary>
    public PixelColor Row(int y) => (Top * (1 - Share(y))) + (Bottom * Share(y));

    /// <summary>The nearest background by names.</summary>
    public SceneBackground Named()
    {
        var (top, bottom) = (Nearest(Top), Nearest(Bottom));
        return top == bottom || Top.DistanceTo(Bottom) < Graded ? new SceneBackground(Nearest((Top + Bottom) * 0.5)) : new SceneBackground(top, bottom);
    }

    private static double Share(int y) => y / (Scene.Size - 1.0);

    private static SceneColor Nearest(PixelColor color) => ScenePalette.Colors.MinBy(name => color.DistanceTo(ScenePalette.Rgb(name)));

    private static PixelColor Median(IReadOnlyList<PixelColor> colors) => new(Median(colors, color => color.Red), Median(colors, color => color.Green), Median(colors, color => color.Blue));

    private static double Median(IReadOnlyList<PixelColor> colors, Func<PixelColor, double> channel)
    {
        var sorted = colors.Select(channel).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Line(PixelColor[] rows, Func<PixelColor, double> channel, double at)
    {
        var values = rows.Select(channel).ToArray();
        var (mean, middle) = (values.Average(), 0.5);
        var slope = values.Select((value, y) => (Share(y) - middle) * (value - mean)).Sum() / values.Select((_, y) => (Share(y) - middle) * (Share(y) - middle)).Sum();
        return Math.Clamp(mean + (slope * (at - middle)), 0, 255);
    }
}
