using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Evenly spaced values, as numpy's <c>linspace</c> counts them.</summary>
internal static class Spread
{
    /// <summary><paramref name="count"/> values from <paramref name="first"/> to <paramref name="last"/>, both included; one value is the first.</summary>
    public static double[] Even(double first, double last, int count)
    {
        var values = Enumerable.Range(0, count).Select(i => count == 1 ? first : first + (i * ((last - first) / (count - 1)))).ToArray();
        if (count > 1)
        {
            values[count - 1] = last;
        }

        return values;
    }

    /// <summary>Evenly spaced float32 values, to the last bit those of libtorch's <c>linspace</c> on a CPU with AVX2; one value is the first.</summary>
    /// <remarks>
    /// It counts from the nearer end, in blocks of eight as long as a pair of blocks is left: a block begins at a fused multiplication and addition, within it
    /// both round.
    /// </remarks>
    public static float[] EvenSingle(double first, double last, int count)
    {
        var (start, end) = ((float)first, (float)last);
        var step = count == 1 ? 0 : (end - start) / (count - 1);
        return Enumerable.Range(0, count).Select(i =>
        {
            var block = i < count - (count % 16) ? i - (i % 8) : i;

            // In double the product is exact.
            var begin = (float)(block < count / 2 || count == 1 ? start + ((double)step * block) : end - ((double)step * (count - 1 - block)));
            return begin + (step * (i - block));
        }).ToArray();
    }

    /// <summary>Evenly spaced in <paramref name="to"/>(value), brought back by <paramref name="from"/>.</summary>
    public static IReadOnlyList<double> EvenIn(Func<double, double> to, Func<double, double> from, double first, double last, int count)
    {
        var (start, end) = (to(first), to(last));
        return Even(0, 1, count).Select(ramp => from(start + (ramp * (end - start)))).ToArray();
    }
}
