using System;
using System.Collections.Generic;
using System.Globalization;
using Diffusion.Benchmarks.Measuring;
using Diffusion.Benchmarks.Steps;
using TorchSharp;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>One DDIM step with classifier-free guidance: operation by operation, as a linear combination, and as this library's kernel.</summary>
internal static class StepRatio
{
    private const long Timestep = 501;
    private const long Previous = 481;
    private const int Rounds = 51;

    public static IEnumerable<RatioResult> Measure(RatioOptions options)
    {
        using var inference = torch.inference_mode();
        if (options.Threads > 0)
        {
            torch.set_num_threads(options.Threads);
        }

        foreach (var make in new Func<GuidedStep>[] { GuidedStep.Latents, GuidedStep.Images })
        {
            using var step = make();
            var factors = LinearDdim.Factors(step, Timestep, Previous);
            using var fused = new FusedDdim(step, factors);
            using var eager = EagerDdim.Step(step, Timestep, Previous);
            var error = fused.ErrorAgainst(eager);
            yield return new(
                "step: " + step.Name,
                Interleaved.Measure(
                    [
                        new("eager", () => EagerDdim.Step(step, Timestep, Previous).Dispose()),
                        new("linear", () => LinearDdim.Step(step, factors).Dispose()),
                        new("fused", fused.Step),
                    ],
                    options.Rounds > 0 ? options.Rounds : Rounds,
                    TimeSpan.FromMilliseconds(10),
                    options.Clock),
                options,
                string.Create(CultureInfo.InvariantCulture, $"fused differs from eager by {error:0.0e-00} of the largest element"));
        }
    }
}
