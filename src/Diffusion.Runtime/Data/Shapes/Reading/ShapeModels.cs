using System;
using System.Collections.Concurrent;
using System.Linq;
using SkiaSharp;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>How much of each pixel the shapes cover, drawn once for each size and part of a pixel.</summary>
internal static class ShapeModels
{
    // Half a pixel to each side, and a pixel more or less of the diameter: a box is known to a pixel.
    private static readonly double[] Shifts = [-0.5, 0, 0.5];
    private static readonly double[] Growths = [-0.5, 0.5, 1.5];

    private static readonly ConcurrentDictionary<(ShapeKind Kind, int Diameter, int X, int Y), float[]> Drawn = new();

    /// <summary>Intersection over union of a shape and what an object covers, at its best place.</summary>
    /// <param name="kind">The shape.</param>
    /// <param name="cover">How much of each pixel the object covers.</param>
    /// <param name="x">The middle of its box.</param>
    /// <param name="y">The middle of its box.</param>
    /// <param name="diameter">The longer side of its box.</param>
    public static double Likeness(ShapeKind kind, double[] cover, double x, double y, double diameter) =>
        (from growth in Growths from across in Shifts from down in Shifts select Overlap(Model(kind, diameter + growth, x + across, y + down), cover)).Max();

    private static double Overlap(float[] model, double[] cover)
    {
        var (both, either) = (0.0, 1e-9);
        for (var i = 0; i < cover.Length; i++)
        {
            both += Math.Min(model[i], cover[i]);
            either += Math.Max(model[i], cover[i]);
        }

        return both / either;
    }

    // Places and sizes in halves of a pixel.
    private static float[] Model(ShapeKind kind, double diameter, double x, double y) =>
        Drawn.GetOrAdd((kind, (int)Math.Round(2 * diameter), (int)Math.Round(2 * x), (int)Math.Round(2 * y)), Draw);

    private static float[] Draw((ShapeKind Kind, int Diameter, int X, int Y) key)
    {
        using var outline = ShapeOutline.Of(key.Kind);
        outline.GetTightBounds(out var bounds);
        using var bitmap = new SKBitmap(new SKImageInfo(Scene.Size, Scene.Size, SKColorType.Gray8, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { IsAntialias = true, Color = SKColors.White };
        canvas.Clear(SKColors.Black);
        canvas.Translate(key.X / 2f, key.Y / 2f);
        canvas.Scale(key.Diameter / 2f / Math.Max(bounds.Width, bounds.Height));
        canvas.Translate(-bounds.MidX, -bounds.MidY);
        canvas.DrawPath(outline, paint);
        return [.. bitmap.GetPixelSpan().ToArray().Select(value => value / 255f)];
    }
}
