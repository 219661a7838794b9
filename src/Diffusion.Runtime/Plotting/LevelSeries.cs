using System;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Plotting;

/// <summary>The noise levels that a sampler visits on a schedule.</summary>
/// <param name="Label">The sampler's text.</param>
/// <param name="Sigmas">σ before each step and after the last, as the ratio of noise to signal: 0 is the clean sample, ∞ is noise alone.</param>
internal sealed record LevelSeries(string Label, double[] Sigmas)
{
    /// <summary>How far each step goes, |log σ − log σ′|; ∞ for a step from or to σ = 0 or ∞.</summary>
    public double[] StepSizes => Sigmas.Zip(Sigmas.Skip(1), (from, to) => from == to ? 0 : Math.Abs(Math.Log(from) - Math.Log(to))).ToArray();

    /// <param name="sampler">The sampler; open options take diffusers' defaults.</param>
    /// <param name="noise">The schedule.</param>
    /// <exception cref="DiffusionException">All errors of the sampler on this schedule.</exception>
    public static LevelSeries Of(Scheduler sampler, NoiseSchedule noise)
    {
        var spec = Checked.Spec(noise, sampler);
        var steps = spec.Sampler.Derive(spec.Noise, spec.Prediction).Steps;
        return new(sampler.ToString()!, [.. steps.Select(step => step.Start.Ratio), steps[^1].Level.Ratio]);
    }
}
