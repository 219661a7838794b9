using System;
using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>How the learning rate changes from step to step: a pure function of the step, the peak and the length of the run. A closed family.</summary>
/// <remarks>
/// <para>
/// The schedules are those of diffusers' <c>get_scheduler</c>, under the same names; step i is the i-th optimiser step, counted from 0, and its
/// rate is the one that step uses. A warm-up of w steps rises linearly: step i &lt; w has the rate peak · i / w, so the very first step changes nothing.
/// </para>
/// <para>Parity target: <c>get_scheduler</c> of diffusers 0.30.3.</para>
/// </remarks>
public abstract record LearningRateSchedule
{
    private protected LearningRateSchedule()
    {
    }

    /// <summary>The name in diffusers: <c>cosine_with_restarts</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The rate of one step.</summary>
    /// <param name="step">0 is the first step.</param>
    /// <param name="peak">The optimiser's own rate, above 0.</param>
    /// <param name="totalSteps">Steps of the whole run, warm-up included.</param>
    public abstract double At(int step, double peak, int totalSteps);

    /// <summary>What is wrong with the schedule in a run of this length; empty if nothing is.</summary>
    /// <param name="peak">The optimiser's own rate.</param>
    /// <param name="totalSteps">Steps of the whole run, warm-up included.</param>
    public virtual IEnumerable<Finding> Check(double peak, int totalSteps) => [];

    // i / w within the warm-up; null behind it.
    private protected static double? WarmupShare(int step, int warmup) => step < warmup ? step / (double)Math.Max(1, warmup) : null;

    // Where between the end of the warm-up (0) and that of the run (1) a step lies; goes on behind the run.
    private protected static double Progress(int step, int warmup, int totalSteps) => (step - warmup) / (double)Math.Max(1, totalSteps - warmup);
}
