using System;
using System.Linq;

namespace Diffusion.Runtime;

/// <summary>A filter by which a row of pixels gets another length, wide enough to cover what it makes smaller, as Pillow's are.</summary>
/// <param name="support">How far it reaches at the same length, in pixels.</param>
/// <param name="weight">The weight of a pixel at a distance, up to a factor.</param>
internal sealed class ResampleFilter(double support, Func<double, double> weight)
{
    /// <summary>A triangle: Pillow's <c>BILINEAR</c>.</summary>
    public static ResampleFilter Bilinear { get; } = new(1, distance => Math.Max(0, 1 - Math.Abs(distance)));

    /// <summary>The cubic convolution of Keys (1981) with a = −1/2: Pillow's <c>BICUBIC</c>.</summary>
    public static ResampleFilter Bicubic { get; } = new(2, distance => Cubic(Math.Abs(distance)));

    /// <summary>The pixels that make one of another length, with weights that add up to 1.</summary>
    /// <param name="from">The length there is.</param>
    /// <param name="to">The length there will be.</param>
    /// <param name="index">Which pixel of that, from 0.</param>
    public ResampleTaps Taps(int from, int to, int index)
    {
        var scale = from / (double)to;
        var stretch = Math.Max(scale, 1);
        var reach = support * stretch;
        var center = (index + 0.5) * scale;
        var first = Math.Max(0, (int)(center - reach + 0.5));
        var count = Math.Min(from, (int)(center + reach + 0.5)) - first;
        var weights = Enumerable.Range(first, count).Select(x => weight((x - center + 0.5) / stretch)).ToArray();
        var total = weights.Sum();

        return new(first, Array.ConvertAll(weights, value => value / total));
    }

    private static double Cubic(double x) => x switch
    {
        < 1 => (((1.5 * x) - 2.5) * x * x) + 1,
        < 2 => ((((-0.5 * x) + 2.5) * x) - 4) * x + 2,
        _ => 0,
    };
}
