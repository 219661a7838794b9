using System;
using System.Collections.Generic;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>What <c>ratio NAME</c> can measure.</summary>
internal static class RatioCatalogue
{
    public static IReadOnlyDictionary<string, Func<RatioOptions, IEnumerable<RatioResult>>> All { get; } =
        new SortedDictionary<string, Func<RatioOptions, IEnumerable<RatioResult>>>(StringComparer.Ordinal)
        {
            ["digits"] = DigitsRatio.Measure,
            ["generator"] = GeneratorRatio.Measure,
            ["step"] = StepRatio.Measure,
        };
}
