using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>The peak from the first step to the last, behind a linear warm-up if there is one.</summary>
/// <remarks>Parity target: diffusers' <c>constant</c> and <c>constant_with_warmup</c>.</remarks>
/// <param name="Warmup">Steps of the rise, at least 0; 0 starts at the peak.</param>
public sealed record ConstantRate(int Warmup = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => Warmup == 0 ? "constant" : "constant_with_warmup";

    /// <summary>The same schedule with another warm-up.</summary>
    /// <param name="warmup">Steps of the rise, at least 0.</param>
    public ConstantRate WithWarmup(int warmup) => this with { Warmup = warmup };

    /// <inheritdoc/>
    public override double At(int step, double peak, int totalSteps) => peak * (WarmupShare(step, Warmup) ?? 1);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(double peak, int totalSteps) => TrainingChecks.Warmup("Constant", Warmup, totalSteps);

    /// <summary>The canonical text: <c>Constant(warmup: 500)</c>.</summary>
    public override string ToString() => new Signature("Constant").Option("warmup", Warmup, 0).ToString();
}
