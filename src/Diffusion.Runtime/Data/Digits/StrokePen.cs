using System;
using System.Collections.Generic;

namespace Diffusion.Runtime.Data.Digits;

/// <summary>Draws polylines by their distance field: ink is full inside the pen's radius and fades over its softness.</summary>
/// <param name="Radius">Half the width of a stroke, in parts of the picture's side.</param>
/// <param name="Softness">Width of the fading edge, in parts of the picture's side.</param>
internal sealed record StrokePen(double Radius, double Softness)
{
    public static StrokePen Random(SampleRandom random, double variety) =>
        new(random.Uniform(0.045 - (0.011 * variety), 0.045 + (0.011 * variety)), random.Uniform(0.05 - (0.01 * variety), 0.05 + (0.01 * variety)));

    public Image Draw(IEnumerable<StrokePoint[]> strokes, int size)
    {
        var nearest = new double[size * size];
        Array.Fill(nearest, double.MaxValue);
        foreach (var stroke in strokes)
        {
            for (var i = 1; i < stroke.Length; i++)
                Approach(nearest, size, stroke[i - 1], stroke[i]);
        }

        var pixels = new byte[size * size];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)Math.Round(255 * Math.Clamp(0.5 + ((Radius - Math.Sqrt(nearest[i])) / Softness), 0, 1));

        return new Image(size, size, 1, pixels);
    }

    // Keeps, for each pixel centre, the smallest squared distance to any segment; a segment touches only the pixels its ink can reach.
    private void Approach(double[] nearest, int size, StrokePoint a, StrokePoint b)
    {
        var reach = Radius + Softness;
        double dx = b.X - a.X, dy = b.Y - a.Y;
        var length = (dx * dx) + (dy * dy);
        var left = Pixel(Math.Min(a.X, b.X) - reach);
        var right = Pixel(Math.Max(a.X, b.X) + reach);
        var bottom = Pixel(Math.Max(a.Y, b.Y) + reach);
        for (var y = Pixel(Math.Min(a.Y, b.Y) - reach); y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                double px = ((x + 0.5) / size) - a.X, py = ((y + 0.5) / size) - a.Y;
                var along = length == 0 ? 0 : Math.Clamp(((px * dx) + (py * dy)) / length, 0, 1);
                double ex = px - (along * dx), ey = py - (along * dy);
                nearest[(y * size) + x] = Math.Min(nearest[(y * size) + x], (ex * ex) + (ey * ey));
            }
        }

        int Pixel(double position) => (int)Math.Clamp(position * size, 0, size - 1);
    }
}
