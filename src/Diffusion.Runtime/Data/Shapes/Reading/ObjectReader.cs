using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>Reads one object: its colour, then how much of each pixel it covers, then its box, and the shape that covers most alike.</summary>
internal static class ObjectReader
{
    // Between the largest small and the smallest large object.
    private const double Boundary = 22;

    // A pixel that fits no colour says no more than this against any.
    private const double Outlier = 80;

    // Of a pixel's colour that is the object's, the share from which on it lies in the box.
    private const double Inside = 0.5;

    /// <summary>The object of a region; null where nothing of it is its own colour.</summary>
    public static SeenObject? Read(Image picture, SeenBackground ground, IReadOnlyList<int> region)
    {
        var color = Color(picture, region);
        var cover = Cover(picture, ground, color, region);
        var inside = Enumerable.Range(0, cover.Length).Where(i => cover[i] >= Inside).ToArray();
        if (inside.Length == 0)
            return null;

        var (left, right) = (inside.Min(i => i % Scene.Size), inside.Max(i => i % Scene.Size) + 1);
        var (top, bottom) = (inside.Min(i => i / Scene.Size), inside.Max(i => i / Scene.Size) + 1);
        var (x, y, diameter) = ((left + right) / 2.0, (top + bottom) / 2.0, Math.Max(right - left, bottom - top));
        var (kind, likeness) = ScenePalette.Kinds.Select(kind => (kind, ShapeModels.Likeness(kind, cover, x, y, diameter))).MaxBy(entry => entry.Item2);
        return new SeenObject(kind, color, diameter < Boundary ? ObjectSize.Small : ObjectSize.Large, x, y, diameter, likeness);
    }

    // The colour that, with its shade, is nearest to all pixels.
    private static SceneColor Color(Image picture, IReadOnlyList<int> region)
    {
        var pixels = region.Select(i => PixelColor.At(picture, i % Scene.Size, i / Scene.Size)).ToArray();
        return ScenePalette.Colors.MinBy(color =>
        {
            PixelColor main = ScenePalette.Rgb(color), shade = ScenePalette.Shade(color);
            var distances = pixels.Select(pixel => (Main: pixel.DistanceTo(main), Shade: pixel.DistanceTo(shade))).ToArray();

            // Shade alone is no object: half of a texture is of the colour itself.
            var own = Math.Min(1, 4.0 * distances.Count(distance => distance.Main <= distance.Shade) / pixels.Length);
            return distances.Sum(distance => Math.Min(Outlier, Math.Min(distance.Main, distance.Shade))) + ((1 - own) * Outlier * pixels.Length);
        });
    }

    // How much of each pixel near the region is the object's: 0 where it is as the background, 1 where it is as the object.
    private static double[] Cover(Image picture, SeenBackground ground, SceneColor color, IReadOnlyList<int> region)
    {
        var cover = new double[Scene.Size * Scene.Size];
        PixelColor main = ScenePalette.Rgb(color), shade = ScenePalette.Shade(color);
        foreach (var i in Grown(region))
        {
            var (pixel, behind) = (PixelColor.At(picture, i % Scene.Size, i / Scene.Size), ground.Row(i / Scene.Size));
            var away = pixel.DistanceTo(behind);
            cover[i] = Math.Max(away / (away + pixel.DistanceTo(main)), away / (away + pixel.DistanceTo(shade)));
        }

        return cover;
    }

    private static IEnumerable<int> Grown(IReadOnlyList<int> region) => region
        .SelectMany(i => Enumerable.Range(0, 9).Select(other => (X: (i % Scene.Size) + (other % 3) - 1, Y: (i / Scene.Size) + (other / 3) - 1)))
        .Where(place => place is { X: >= 0 and < Scene.Size, Y: >= 0 and < Scene.Size })
        .Select(place => (place.Y * Scene.Size) + place.X)
        .Distinct();
}
