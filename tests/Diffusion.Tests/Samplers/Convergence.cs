using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;

namespace Diffusion.Tests.Samplers;

/// <summary>How fast a sampler's error falls with the length of its steps, on the probability flow of <see cref="GaussianMixture"/>.</summary>
internal static class Convergence
{
    // σ/α between which a run is measured: away from the first rows, which warm up, and from the last, which may be of lower order on purpose.
    private const double Noisy = 4;
    private const double Clean = 0.4;

    // y at the noisy end: in all modes and between them.
    private static readonly double[] Starts = [-5.5, -2.2, -0.4, 1.3, 3.9];

    /// <summary>The errors with so many steps.</summary>
    public static IReadOnlyList<double> Errors(Scheduler setting, IEnumerable<int> counts) =>
        counts.Select(count => Error(setting, Planner.Plan(OrderCases.Spec(setting, count)).Steps.ToArray())).ToArray();

    /// <summary>log₂ of what halving the steps makes of the error, from the finest two.</summary>
    public static double Slope(IReadOnlyList<double> errors) => Math.Log2(errors[^2] / errors[^1]);

    private static double Error(Scheduler setting, Step[] steps)
    {
        // From the first row within the range, on a history that is exact, to the last row that ends within it.
        var isInside = steps.Select(step => IsInside(step.Start) && IsInside(step.Level)).ToArray();
        var (first, last) = (Math.Max(Array.IndexOf(isInside, true), setting.HistoryLength + 1), Array.LastIndexOf(isInside, true));
        return first >= last ? throw new InvalidOperationException($"{setting} has no rows to measure")
            : Math.Sqrt(Starts.Average(start => Square(Error(start, steps[..(last + 1)], first))));
    }

    private static double Error(double start, Step[] steps, int first)
    {
        var (run, level) = (new ValueRun(GaussianMixture.Output) { X = start }, NoiseLevel.Exploding(Noisy));
        for (var i = 0; i < steps.Length; i++)
        {
            if (i <= first && steps[i].Start is { Alpha: > 0, Sigma: > 0 } exact)
            {
                (start, level) = (GaussianMixture.Flow(start, level.Ratio, exact.Ratio), exact);
                run.X = start * exact.Alpha;
            }

            run.Run(steps[i]);
        }

        var end = steps[^1].Level;
        return (run.X / end.Alpha) - GaussianMixture.Flow(start, level.Ratio, end.Ratio);
    }

    private static bool IsInside(NoiseLevel level) => level.Alpha > 0 && level.Ratio is <= Noisy and >= Clean;

    private static double Square(double value) => value * value;
}
