using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Benchmarks.Measuring;

/// <summary>The times of one variant, one a round, each divided by the calls it covers.</summary>
internal sealed record Samples(string Name, IReadOnlyList<TimeSpan> Rounds)
{
    public TimeSpan Min => Rounds.Min();

    public TimeSpan Max => Rounds.Max();

    public TimeSpan Median => TimeSpan.FromTicks((long)Middle(Rounds.Select(time => (double)time.Ticks)));

    /// <summary>How many times as fast as the baseline: the middle of the ratios within a round, which share what disturbed the machine.</summary>
    public double FasterThan(Samples baseline) => Middle(baseline.Rounds.Zip(Rounds, (other, own) => other / own));

    private static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
