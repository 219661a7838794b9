using static System.Math;

namespace Diffusion.Dsl;

/// <summary>The beta distribution: its regularised incomplete integral by its continued fraction (DLMF 8.17.22), its quantiles by bisection.</summary>
internal static class BetaDistribution
{
    /// <summary>The x with I_x(a, b) = <paramref name="probability"/>.</summary>
    public static double Quantile(double probability, double a, double b)
    {
        if (probability <= 0 || probability >= 1)
        {
            return probability <= 0 ? 0 : 1;
        }

        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < 200 && high - low > 1e-16 * high; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Cumulative(middle, a, b) < probability ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    /// <summary>I_x(a, b) = ∫_0^x t^(a−1) (1 − t)^(b−1) dt / B(a, b).</summary>
    public static double Cumulative(double x, double a, double b)
    {
        if (x <= 0 || x >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        // The fraction converges fast on its own side of the mean.
        return x < (a + 1) / (a + b + 2) ? Front(x, a, b) * Fraction(x, a, b) / a : 1 - (Front(1 - x, b, a) * Fraction(1 - x, b, a) / b);
    }

    private static double Front(double x, double a, double b) => Exp((a * Log(x)) + (b * Log(1 - x)) + LogGamma(a + b) - LogGamma(a) - LogGamma(b));

    /// <summary>Lentz's evaluation of the continued fraction.</summary>
    private static double Fraction(double x, double a, double b)
    {
        const double Tiny = 1e-300;
        var (c, d) = (1.0, 1 / NotZero(1 - ((a + b) * x / (a + 1))));
        var value = d;
        for (var m = 1; m < 500; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            (c, d) = (NotZero(1 + (even / c)), 1 / NotZero(1 + (even * d)));
            value *= c * d;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            (c, d) = (NotZero(1 + (odd / c)), 1 / NotZero(1 + (odd * d)));
            value *= c * d;
            if (Abs((c * d) - 1) < 1e-16)
            {
                break;
            }
        }

        return value;

        static double NotZero(double number) => Abs(number) < Tiny ? Tiny : number;
    }

    /// <summary>log Γ(z) for z > 0: Stirling's series (DLMF 5.11.1) above 10, the recurrence below.</summary>
    private static double LogGamma(double z)
    {
        var shift = 0.0;
        for (; z < 10; z++)
        {
            shift -= Log(z);
        }

        var square = z * z;
        var series = ((1 / 12.0) - ((1 / 360.0) - ((1 / 1260.0) - ((1 / 1680.0) - (1 / (1188.0 * square))) / square) / square) / square) / z;
        return shift + ((z - 0.5) * Log(z)) - z + (Log(2 * PI) / 2) + series;
    }
}
