namespace Diffusion.Runtime.Data.Digits;

/// <summary>A small random affine map of the unit square about its centre: the hand and the slant of one writer.</summary>
internal sealed record DigitJitter(double Xx, double Xy, double Yx, double Yy, double Dx, double Dy)
{
    // tan(10°/2): rotations are drawn by the tangent of the half angle, which needs no sine.
    private const double HalfAngleTangent = 0.0875;

    // The glyphs fill 0.78 of the unit square; 0.9 of that leaves about MNIST's margin of 4 pixels.
    private const double MeanScale = 0.9;

    public static DigitJitter Random(SampleRandom random, double variety)
    {
        var t = random.Uniform(-HalfAngleTangent * variety, HalfAngleTangent * variety);
        var cos = (1 - (t * t)) / (1 + (t * t));
        var sin = 2 * t / (1 + (t * t));
        var shear = random.Uniform(-0.16 * variety, 0.16 * variety);
        var scaleX = MeanScale * random.Uniform(1 - (0.12 * variety), 1 + (0.14 * variety));
        var scaleY = MeanScale * random.Uniform(1 - (0.08 * variety), 1 + (0.08 * variety));

        // Rotation · shear · scale.
        return new DigitJitter(
            cos * scaleX, ((cos * shear) - sin) * scaleY,
            sin * scaleX, ((sin * shear) + cos) * scaleY,
            random.Uniform(-0.05 * variety, 0.05 * variety), random.Uniform(-0.05 * variety, 0.05 * variety));
    }

    public StrokePoint Apply(double x, double y)
    {
        x -= 0.5;
        y -= 0.5;
        return new StrokePoint(0.5 + (Xx * x) + (Xy * y) + Dx, 0.5 + (Yx * x) + (Yy * y) + Dy);
    }
}
