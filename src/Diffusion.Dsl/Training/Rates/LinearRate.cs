using System;
using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Behind the warm-up the rate falls evenly to 0 at the end of the run, and stays 0.</summary>
/// <remarks>Parity target: diffusers' <c>linear</c>.</remarks>
/// <param name="Warmup">Steps of the rise, at least 0; 0 starts at the peak.</param>
public sealed record LinearRate(int Warmup = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "linear";

    /// <summary>The same schedule with another warm-up.</summary>
    /// <param name="warmup">Steps of the rise, at least 0.</param>
    public LinearRate WithWarmup(int warmup) => this with { Warmup = warmup };

    /// <inheritdoc/>
    public override double At(int step, double peak, int totalSteps) =>
        peak * (WarmupShare(step, Warmup) ?? Math.Max(0, (totalSteps - step) / (double)Math.Max(1, totalSteps - Warmup)));

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(double peak, int totalSteps) => TrainingChecks.Warmup("Linear", Warmup, totalSteps);

    /// <summary>The canonical text: <c>Linear(warmup: 500)</c>.</summary>
    public override string ToString() => new Signature("Linear").Option("warmup", Warmup, 0).ToString();
}
