using System.Linq;

namespace Diffusion.Runtime.Data.Digits;

/// <summary>One movement of the pen through some points of a glyph.</summary>
/// <param name="Kind">How the points are joined.</param>
/// <param name="Indices">Which points of the glyph, in order.</param>
internal sealed record DigitStroke(StrokeKind Kind, int[] Indices)
{
    private const int SegmentsPerSpan = 6;

    /// <summary>The stroke as a polyline through the glyph's points, wherever these were moved to.</summary>
    public StrokePoint[] Through(StrokePoint[] points)
    {
        var through = Indices.Select(index => points[index]).ToArray();
        return Kind == StrokeKind.Straight ? through : Smooth(through, Kind == StrokeKind.Closed);
    }

    // Catmull-Rom: each span is a cubic through its two points whose slopes are half the difference of the neighbours.
    private static StrokePoint[] Smooth(StrokePoint[] p, bool closed)
    {
        var spans = closed ? p.Length : p.Length - 1;
        return Enumerable.Range(0, (spans * SegmentsPerSpan) + 1)
            .Select(i => (Span: i / SegmentsPerSpan, U: i % SegmentsPerSpan / (double)SegmentsPerSpan))
            .Select(at => Between(At(at.Span - 1), At(at.Span), At(at.Span + 1), At(at.Span + 2), at.U))
            .ToArray();

        StrokePoint At(int i) => closed ? p[(i + p.Length) % p.Length] : p[int.Clamp(i, 0, p.Length - 1)];
    }

    private static StrokePoint Between(StrokePoint a, StrokePoint b, StrokePoint c, StrokePoint d, double u) =>
        new(Cubic(a.X, b.X, c.X, d.X, u), Cubic(a.Y, b.Y, c.Y, d.Y, u));

    private static double Cubic(double a, double b, double c, double d, double u) =>
        b + (0.5 * u * ((c - a) + (u * (((2 * a) - (5 * b) + (4 * c) - d) + (u * ((3 * (b - c)) + d - a))))));
}
