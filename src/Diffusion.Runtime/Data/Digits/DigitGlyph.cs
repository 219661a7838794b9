using System;
using System.Linq;

namespace Diffusion.Runtime.Data.Digits;

/// <summary>A way to write a digit: points in the unit square and the strokes through them. Strokes that share a point stay joined when it moves.</summary>
internal sealed record DigitGlyph(StrokePoint[] Points, DigitStroke[] Strokes)
{
    private static readonly DigitGlyph[][] Ways =
    [
        [Of("50,12 70,24 75,50 70,76 50,88 30,76 25,50 30,24", "closed 0 1 2 3 4 5 6 7")],
        [
            Of("52,11 51,50 50,89", "open 0 1 2"),
            Of("36,28 53,12 52,50 51,88", "straight 0 1", "open 1 2 3"),
        ],
        [Of("27,30 35,16 52,12 69,19 72,35 60,55 42,73 27,87 75,86", "open 0 1 2 3 4 5 6 7", "straight 7 8")],
        [Of("28,20 46,12 66,17 69,32 59,44 44,48 64,52 74,67 66,83 46,89 26,81", "open 0 1 2 3 4 5", "open 5 6 7 8 9 10")],
        [
            Of("57,12 24,62 78,62 61,36 60,62 59,89", "straight 0 1 2", "open 3 4 5"),
            Of("32,13 28,55 73,54 67,13 66,50 63,89", "straight 0 1 2", "open 3 4 5"),
        ],
        [Of("70,13 35,13 31,46 52,41 70,51 73,67 63,83 45,88 27,81", "straight 0 1 2", "open 2 3 4 5 6 7 8")],
        [Of("64,12 44,25 31,45 28,66 36,82 53,89 69,79 70,61 56,50 40,54", "open 0 1 2 3 4 5 6 7 8 9 3")],
        [
            Of("25,15 74,14 60,39 49,64 43,89", "straight 0 1", "open 1 2 3 4"),
            Of("25,15 74,14 61,39 51,64 45,89 38,52 70,50", "straight 0 1", "open 1 2 3 4", "straight 5 6"),
        ],
        [Of("50,47 66,36 65,18 50,11 35,18 34,36 50,48 69,63 69,81 50,89 31,81 31,63", "closed 0 1 2 3 4 5 6 7 8 9 10 11")],
        [Of("70,30 60,14 44,12 31,24 32,42 46,50 62,44 68,58 62,89", "open 0 1 2 3 4 5 6 0", "open 0 7 8")],
    ];

    /// <summary>One of the ways to write a digit.</summary>
    public static DigitGlyph Pick(int digit, SampleRandom random)
    {
        var ways = Ways[digit];
        return ways[(int)random.Uniform(0, ways.Length)];
    }

    // «x,y …» in hundredths, and strokes as «kind index …».
    private static DigitGlyph Of(string points, params string[] strokes) =>
        new(
            points.Split(' ').Select(Point).ToArray(),
            strokes.Select(stroke => stroke.Split(' ')).Select(words => new DigitStroke(Enum.Parse<StrokeKind>(words[0], ignoreCase: true), words[1..].Select(int.Parse).ToArray())).ToArray());

    private static StrokePoint Point(string text)
    {
        var numbers = text.Split(',').Select(int.Parse).ToArray();
        return new StrokePoint(numbers[0] / 100.0, numbers[1] / 100.0);
    }
}
