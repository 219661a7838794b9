using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Diffusion.Runtime.Plotting;

/// <summary>A logarithmic axis for σ that also has a place for 0, below its last power of ten.</summary>
/// <param name="Lowest">The exponent of the smallest power of ten.</param>
/// <param name="Highest">The exponent of the largest power of ten.</param>
/// <param name="HasZero">Whether some σ is 0.</param>
internal sealed record SigmaAxis(int Lowest, int Highest, bool HasZero)
{
    private const double ZeroBelow = 0.6;

    public static SigmaAxis Of(IEnumerable<LevelSeries> all)
    {
        var sigmas = all.SelectMany(series => series.Sigmas).ToArray();
        var shown = sigmas.Where(sigma => sigma > 0 && double.IsFinite(sigma)).DefaultIfEmpty(1).ToArray();
        var lowest = (int)Math.Floor(Math.Log10(shown.Min()));
        return new(lowest, Math.Max(lowest + 1, (int)Math.Ceiling(Math.Log10(shown.Max()))), sigmas.Contains(0));
    }

    /// <summary>Where σ stands; not finite for σ = ∞, which has no place.</summary>
    public double Position(double sigma) => sigma == 0 ? Lowest - ZeroBelow : Math.Log10(sigma);

    public void ApplyTo(Plot plot)
    {
        var ticks = new NumericManual();
        if (HasZero)
        {
            ticks.AddMajor(Position(0), "0");
        }

        for (var exponent = Lowest; exponent <= Highest; exponent++)
        {
            ticks.AddMajor(exponent, Label(exponent));
            for (var digit = 2; digit < 10 && exponent < Highest; digit++)
            {
                ticks.AddMinor(exponent + Math.Log10(digit));
            }
        }

        plot.Axes.Left.TickGenerator = ticks;
        plot.Axes.SetLimitsY((HasZero ? Position(0) : Lowest) - 0.15, Highest + 0.15);
    }

    private static string Label(int exponent) => exponent is >= -4 and <= 4
        ? Math.Pow(10, exponent).ToString("0.####", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"1e{exponent}");
}
