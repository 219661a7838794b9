using System;
using System.Linq;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Data.Digits;

/// <summary>
/// An endless data set of hand-drawn-looking digits in the format of MNIST, 28 x 28 gray, white on black, made from strokes: nothing to
/// download. Sample i is a pure function of the seed and i, bit for bit the same on every machine.
/// </summary>
/// <remarks>
/// A digit is a few strokes in the unit square (<see cref="DigitGlyph"/>). Each sample moves the control points a little, applies a small affine map
/// (rotation within about ±10°, shear, scale, translation) and draws with a pen of random thickness and softness (<see cref="StrokePen"/>).
/// Only +, −, ×, ÷ and √ are used, which IEEE 754 defines exactly; sines and logarithms differ between C libraries.
/// </remarks>
/// <param name="Seed">Two seeds give two independent data sets.</param>
/// <param name="Variety">How far samples stray from the model of each digit, 0 (not at all) to 1; a smaller data set of shapes is learned sooner.</param>
public sealed record ProceduralDigits(long Seed, double Variety = 1)
{
    /// <summary>Pixels along each side of a picture.</summary>
    public const int Size = 28;

    /// <summary>One sample; the digits are uniformly distributed.</summary>
    /// <param name="index">0, 1, 2, … without end.</param>
    /// <exception cref="DiffusionException">DIF0456: index is negative. DIF0458: variety out of range.</exception>
    public DigitSample Sample(long index)
    {
        if (index < 0)
            throw Rules.DataRange.Error("index", index, "0 or more");
        if (!(Variety >= 0 && Variety <= 1))
            throw Rules.VarietyOutOfRange.Error(Variety);

        var random = new SampleRandom(Seed, index);
        var digit = (int)random.Uniform(0, 10);
        return new DigitSample(digit, Draw(digit, random));
    }

    /// <summary>Some consecutive samples as tensors for training.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="start">Index of the first sample, 0 or more.</param>
    /// <exception cref="DiffusionException">DIF0456: count or start out of range. DIF0458: variety out of range.</exception>
    public DigitBatch Batch(int count, long start)
    {
        if (count < 1)
            throw Rules.DataRange.Error("count", count, "1 or more");

        var samples = Enumerable.Range(0, count).Select(i => Sample(start + i)).ToArray();
        return new DigitBatch(Image.ToBatch(samples.Select(sample => sample.Image)), tensor(samples.Select(sample => (long)sample.Label).ToArray()));
    }

    private Image Draw(int digit, SampleRandom random)
    {
        var glyph = DigitGlyph.Pick(digit, random);
        var map = DigitJitter.Random(random, Variety);
        var points = glyph.Points
            .Select(point => map.Apply(point.X + random.Bell(0.023 * Variety), point.Y + random.Bell(0.023 * Variety)))
            .ToArray();
        var pen = StrokePen.Random(random, Variety);
        return pen.Draw(glyph.Strokes.Select(stroke => stroke.Through(points)), Size);
    }
}
