using System;
using SkiaSharp;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>The outlines of shapes in the square from −1 to 1.</summary>
internal static class ShapeOutline
{
    private const float StarNotch = 0.45f;
    private const float CrossArm = 0.36f;
    private const float RingHole = 0.5f;

    /// <summary>The outline of a shape; the caller disposes it.</summary>
    public static SKPath Of(ShapeKind kind)
    {
        var path = new SKPath();
        switch (kind)
        {
            case ShapeKind.Circle:
                path.AddCircle(0, 0, 1);
                break;
            case ShapeKind.Square:
                path.AddRect(new SKRect(-0.95f, -0.95f, 0.95f, 0.95f));
                break;
            case ShapeKind.Triangle:
                path.AddPoly([new SKPoint(0, -0.95f), new SKPoint(1, 0.85f), new SKPoint(-1, 0.85f)], close: true);
                break;
            case ShapeKind.Diamond:
                path.AddPoly([new SKPoint(0, -1), new SKPoint(1, 0), new SKPoint(0, 1), new SKPoint(-1, 0)], close: true);
                break;
            case ShapeKind.Star:
                path.AddPoly(Star(), close: true);
                break;
            case ShapeKind.Cross:
                path.AddPoly(Cross(), close: true);
                break;
            case ShapeKind.Ring:
                path.AddCircle(0, 0, 1);
                path.AddCircle(0, 0, RingHole);
                path.FillType = SKPathFillType.EvenOdd;
                break;
            case ShapeKind.Heart:
                path.MoveTo(0, -0.5f);
                path.CubicTo(-0.35f, -1.15f, -1.25f, -0.85f, -0.95f, -0.1f);
                path.CubicTo(-0.8f, 0.3f, -0.35f, 0.6f, 0, 0.95f);
                path.CubicTo(0.35f, 0.6f, 0.8f, 0.3f, 0.95f, -0.1f);
                path.CubicTo(1.25f, -0.85f, 0.35f, -1.15f, 0, -0.5f);
                path.Close();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such shape.");
        }

        return path;
    }

    private static SKPoint[] Star()
    {
        var points = new SKPoint[10];
        for (var i = 0; i < points.Length; i++)
        {
            var (radius, angle) = (i % 2 == 0 ? 1.05f : StarNotch, (i * MathF.PI / 5) - (MathF.PI / 2));
            points[i] = new SKPoint(radius * MathF.Cos(angle), (radius * MathF.Sin(angle)) + 0.05f);
        }

        return points;
    }

    private static SKPoint[] Cross() =>
    [
        new(-CrossArm, -1), new(CrossArm, -1), new(CrossArm, -CrossArm), new(1, -CrossArm), new(1, CrossArm), new(CrossArm, CrossArm),
        new(CrossArm, 1), new(-CrossArm, 1), new(-CrossArm, CrossArm), new(-1, CrossArm), new(-1, -CrossArm), new(-CrossArm, -CrossArm),
    ];
}
