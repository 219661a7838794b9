using System.Collections.Generic;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl;

/// <summary>
/// A sampler's definition: an immutable value that <see cref="Derive"/>s a table of steps from a noise schedule. It holds no state.
/// Options left open (null) are taken from the checkpoint's config, then from diffusers' defaults, by <see cref="Resolve"/>.
/// </summary>
public abstract record Scheduler
{
    private protected Scheduler()
    {
    }

    /// <summary>This definition with every open option filled in.</summary>
    /// <param name="config">What the checkpoint says.</param>
    public abstract Scheduler Resolve(SchedulerConfig config);

    /// <summary>Everything that is wrong with a resolved definition on this schedule; empty if it can be derived.</summary>
    /// <param name="noise">The checkpoint's noise schedule.</param>
    /// <param name="prediction">What the network predicts.</param>
    public abstract IEnumerable<Finding> Check(NoiseSchedule noise, PredictionType prediction);

    /// <summary>The training timesteps that are visited, in order.</summary>
    /// <param name="noise">The checkpoint's noise schedule.</param>
    public abstract IReadOnlyList<int> Timesteps(NoiseSchedule noise);

    /// <summary>The sampler as data. A pure function; call it on a resolved definition without findings.</summary>
    /// <param name="noise">The checkpoint's noise schedule.</param>
    /// <param name="prediction">What the network predicts.</param>
    public abstract StepTable Derive(NoiseSchedule noise, PredictionType prediction);

    /// <summary>The short name for code and file names: <c>Ddim40</c>.</summary>
    public abstract string ShortName { get; }
}
