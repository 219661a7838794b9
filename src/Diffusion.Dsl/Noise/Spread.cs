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

    /// <summary>Evenly spaced float32 values counted from both ends, as libtorch does it; one value is the first.</summary>
    public static float[] EvenSingle(double first, double last, int count)
    {
        var step = count == 1 ? 0 : ((float)last - (float)first) / (count - 1);
        return Enumerable.Range(0, count)
            .Select(i => i < count / 2 || count == 1 ? (float)first + (step * i) : (float)last - (step * (count - 1 - i)))
            .ToArray();
    }

    /// <summary>Evenly spaced in <paramref name="to"/>(value), brought back by <paramref name="from"/>.</summary>
    public static IReadOnlyList<double> EvenIn(Func<double, double> to, Func<double, double> from, double first, double last, int count)
    {
        var (start, end) = (to(first), to(last));
        return Even(0, 1, count).Select(ramp => from(start + (ramp * (end - start)))).ToArray();
    }
}
