using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl;

/// <summary>
/// A sampler's definition: an immutable value that <see cref="Derive(NoiseSchedule, PredictionType, int)"/>s a table of steps from a noise schedule.
/// It holds no state. Options left open (null) are taken from the checkpoint's config, then from diffusers' defaults, by <see cref="Resolve"/>.
/// </summary>
public abstract record Scheduler
{
    private protected Scheduler()
    {
    }

    /// <summary>The sampler's word: its factory on <see cref="Schedulers"/>, such as <c>Ddim</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The class of diffusers that it equals.</summary>
    public abstract string DiffusersClass { get; }

    /// <summary>n, the number of steps; null: all T of the noise schedule.</summary>
    public abstract int? StepCount { get; }

    /// <summary>The order of convergence towards the exact solution as the steps get smaller.</summary>
    public abstract int Order { get; }

    /// <summary>How often the network runs in a step, one condition counted.</summary>
    public virtual int EvaluationsPerStep => 1;

    /// <summary>How many earlier outputs of the network a step reads; 0 for a single-step method.</summary>
    public virtual int HistoryLength => 0;

    /// <summary>Whether fresh noise is added on the way; false: the result is a function of the first x.</summary>
    public virtual bool IsStochastic => false;

    /// <summary>The short name for code and file names: <c>Ddim40</c>.</summary>
    public string ShortName => Name + Text.Of(StepCount);

    /// <summary>This definition with every open option filled in.</summary>
    /// <param name="config">What the checkpoint says.</param>
    public abstract Scheduler Resolve(SchedulerConfig config);

    /// <summary>Everything that is wrong with a resolved definition on this schedule; empty if it can be derived.</summary>
    /// <param name="noise">The checkpoint's noise schedule.</param>
    /// <param name="prediction">What the network predicts.</param>
    public abstract IEnumerable<Finding> Check(NoiseSchedule noise, PredictionType prediction);

    /// <summary>The sampler as data. A pure function; call it on a resolved definition without findings.</summary>
    /// <param name="noise">The checkpoint's noise schedule.</param>
    /// <param name="prediction">What the network predicts.</param>
    /// <param name="start">How many of the noisiest steps are left out, as image-to-image does; methods with a history warm up from there.</param>
    public StepTable Derive(NoiseSchedule noise, PredictionType prediction, int start = 0) => Derive(new Derivation(noise, prediction, start));

    /// <summary>How noisy a sample is at a timestep: what image-to-image makes of a clean one before it starts there.</summary>
    /// <param name="noise">The checkpoint's noise schedule.</param>
    /// <param name="timestep">One of the sampler's timesteps; samplers that step between training timesteps take any of those.</param>
    public virtual NoiseLevel LevelAt(NoiseSchedule noise, double timestep) => NoiseLevel.OfAlphaBar(noise.Curve().AlphaBar((int)timestep));

    /// <summary>The timesteps that the network is told, in order; methods with several evaluations in a step have several for each.</summary>
    /// <param name="noise">The checkpoint's noise schedule.</param>
    public IReadOnlyList<double> Timesteps(NoiseSchedule noise) =>
        Derive(noise, PredictionType.VPrediction).Evaluations.Select(evaluation => evaluation.Timestep).ToArray();

    /// <summary>The options as <c>scheduler_config.json</c> holds them.</summary>
    internal abstract IEnumerable<JsonMember> ConfigMembers();

    /// <summary>The options' words in code and in <c>scheduler_config.json</c>.</summary>
    internal abstract IEnumerable<string> OptionNames { get; }

    /// <summary>The value of every option, and who said it.</summary>
    /// <param name="config">What the checkpoint says.</param>
    internal abstract IEnumerable<ResolvedOption> Explain(SchedulerConfig config);

    /// <summary>The rows of <see cref="Derive(NoiseSchedule, PredictionType, int)"/>.</summary>
    private protected abstract StepTable Derive(Derivation derivation);
}
