using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>What <c>ratio NAME</c> can measure; each gives lines of JSON.</summary>
internal static class RatioCatalogue
{
    public static IReadOnlyDictionary<string, Func<RatioOptions, IEnumerable<string>>> All { get; } =
        new SortedDictionary<string, Func<RatioOptions, IEnumerable<string>>>(StringComparer.Ordinal)
        {
            ["course"] = options => CourseRatio.Measure(options).Select(RatioJson.Line),
            ["digits"] = options => DigitsRatio.Measure(options).Select(RatioJson.Line),
            ["generator"] = options => GeneratorRatio.Measure(options).Select(RatioJson.Line),
            ["load"] = LoadRatio.Measure,
            ["samplers"] = SamplersRatio.Measure,
            ["sd15"] = Sd15Ratio.Measure,
            ["step"] = options => StepRatio.Measure(options).Select(RatioJson.Line),
            ["train"] = TrainRatio.Measure,
            ["vae"] = options => VaeRatio.Measure(options).Select(RatioJson.Line),
        };
}
