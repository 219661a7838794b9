using System;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>Drawings that show an autoencoder many colours, smooth places and edges: a ramp from one colour to another with discs and boxes on it.</summary>
internal static class Probe
{
    private const int Shapes = 24;

    /// <summary>One drawing, <c>[1, C, side, side]</c> in [−1, 1], float32.</summary>
    /// <param name="seed">Another seed, another drawing.</param>
    /// <param name="channels">C: 3, or 1 for gray.</param>
    /// <param name="side">In pixels.</param>
    public static Tensor Drawing(int seed, int channels, int side)
    {
        var random = new Random(seed);
        var (from, to, turn) = (Color(random, channels), Color(random, channels), random.NextDouble() * Math.PI);
        var values = new float[channels * side * side];
        Paint(values, side, (x, y, c) => (float)(from[c] + ((to[c] - from[c]) * (0.5 + (((x - 0.5) * Math.Cos(turn)) + ((y - 0.5) * Math.Sin(turn)))))));
        for (var i = 0; i < Shapes; i++)
        {
            var (color, left, top, radius, round) = (Color(random, channels), random.NextDouble(), random.NextDouble(), 0.05 + (0.2 * random.NextDouble()), i % 2 == 0);
            Paint(values, side, (x, y, c) => IsInside(x - left, y - top, radius, round) ? color[c] : null);
        }

        return torch.tensor(values, [1, channels, side, side], torch.ScalarType.Float32);
    }

    private static float[] Color(Random random, int channels)
    {
        var color = new float[channels];
        for (var c = 0; c < channels; c++)
        {
            color[c] = (2 * random.NextSingle()) - 1;
        }

        return color;
    }

    private static bool IsInside(double x, double y, double radius, bool round) => round ? (x * x) + (y * y) < radius * radius : Math.Abs(x) < radius && Math.Abs(y) < radius;

    // x and y in [0, 1]
    private static void Paint(float[] values, int side, Func<double, double, int, float?> paint)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var (c, y, x) = (i / (side * side), i / side % side, i % side);
            values[i] = paint((x + 0.5) / side, (y + 0.5) / side, c) is { } value ? Math.Clamp(value, -1, 1) : values[i];
        }
    }
}
