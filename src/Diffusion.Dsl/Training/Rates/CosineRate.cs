using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Behind the warm-up the rate follows a cosine: peak · ½ (1 + cos(2π c p)), with p from 0 to 1 over the rest of the run.</summary>
/// <remarks>
/// Loshchilov and Hutter (2016), arXiv:1608.03983, Eq. (5); half a cosine ends at 0. A run that goes on behind its end follows the cosine up again.
/// Parity target: diffusers' <c>cosine</c>.
/// </remarks>
/// <param name="Warmup">Steps of the rise, at least 0; 0 starts at the peak.</param>
/// <param name="Cycles">c, waves of the cosine within the run, above 0; ½ is usual.</param>
public sealed record CosineRate(int Warmup = 0, double Cycles = 0.5) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "cosine";

    /// <summary>The same schedule with another warm-up.</summary>
    /// <param name="warmup">Steps of the rise, at least 0.</param>
    public CosineRate WithWarmup(int warmup) => this with { Warmup = warmup };

    /// <summary>The same schedule with another number of waves.</summary>
    /// <param name="cycles">c, above 0.</param>
    public CosineRate WithCycles(double cycles) => this with { Cycles = cycles };

    /// <inheritdoc/>
    public override double At(int step, double peak, int totalSteps) =>
        peak * (WarmupShare(step, Warmup) ?? Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * Cycles * 2 * Progress(step, Warmup, totalSteps)))));

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(double peak, int totalSteps) =>
        TrainingChecks.Warmup("Cosine", Warmup, totalSteps).Concat(TrainingChecks.Above0("cycles", "Cosine", Cycles, 0.5));

    /// <summary>The canonical text: <c>Cosine(warmup: 500)</c>.</summary>
    public override string ToString() => new Signature("Cosine").Option("warmup", Warmup, 0).Option("cycles", Cycles, 0.5).ToString();
}
