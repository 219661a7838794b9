using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;
using TorchSharp;

namespace Diffusion.Runtime.Sampling;

/// <summary>The noise a plan asks for: along Brownian paths where its table names parts of them, else drawn afresh.</summary>
internal static class NoiseSources
{
    /// <param name="plan">The plan, whose start may lie within the schedule: the paths go over all of it.</param>
    /// <param name="seeds">One for each picture of the batch.</param>
    /// <param name="device">Where the noise is put.</param>
    public static INoiseSource For(PipelinePlan plan, IEnumerable<long> seeds, torch.Device device)
    {
        if (!plan.Steps.SelectMany(step => step.Ops).Any(op => op is AffineOp { Span: not null }))
        {
            return new SeededNoise(seeds, device);
        }

        var spec = plan.Spec;
        var levels = spec.Sampler.Derive(spec.Noise, spec.Prediction).Steps.SelectMany(step => new[] { step.Start, step.Level }).Select(level => level.Ratio).Where(sigma => sigma > 0).ToArray();
        return new BrownianNoise(seeds, levels.Min(), levels.Max(), device, (spec.Sampler as DpmSolverSdeScheduler)?.NoiseSamplerSeed);
    }
}
