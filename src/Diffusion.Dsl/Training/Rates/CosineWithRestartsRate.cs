using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Behind the warm-up the rate falls along half a cosine several times, each time from the peak anew; 0 behind the run.</summary>
/// <remarks>Loshchilov and Hutter (2016), arXiv:1608.03983, with restarts of equal length. Parity target: diffusers' <c>cosine_with_restarts</c>.</remarks>
/// <param name="Warmup">Steps of the rise, at least 0; 0 starts at the peak.</param>
/// <param name="Cycles">How many times the rate falls, at least 1.</param>
public sealed record CosineWithRestartsRate(int Warmup = 0, int Cycles = 1) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "cosine_with_restarts";

    /// <summary>The same schedule with another warm-up.</summary>
    /// <param name="warmup">Steps of the rise, at least 0.</param>
    public CosineWithRestartsRate WithWarmup(int warmup) => this with { Warmup = warmup };

    /// <summary>The same schedule with another number of falls.</summary>
    /// <param name="cycles">At least 1.</param>
    public CosineWithRestartsRate WithCycles(int cycles) => this with { Cycles = cycles };

    /// <inheritdoc/>
    public override double At(int step, double peak, int totalSteps)
    {
        var progress = Progress(step, Warmup, totalSteps);
        return peak * (WarmupShare(step, Warmup) ?? (progress >= 1 ? 0 : Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * (Cycles * progress % 1))))));
    }

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(double peak, int totalSteps) =>
        TrainingChecks.Warmup("CosineWithRestarts", Warmup, totalSteps).Concat(TrainingChecks.Above0("cycles", "CosineWithRestarts", Cycles, 1));

    /// <summary>The canonical text: <c>CosineWithRestarts(warmup: 500, cycles: 2)</c>.</summary>
    public override string ToString() => new Signature("CosineWithRestarts").Option("warmup", Warmup, 0).Option("cycles", Cycles, 1).ToString();
}
