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

    /// <summary>What the network predicts where the sampler fixes it, whatever the checkpoint says; null: what the checkpoint says.</summary>
    public virtual PredictionType? OwnPrediction => null;

    /// <summary>This sampler with another number of steps.</summary>
    /// <param name="steps">n, at least 1.</param>
    internal abstract Scheduler OfSteps(int steps);

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
    /// <param name="start">How many of the noisiest steps are left out, as image-to-image does (<see cref="Starts"/>); methods with a history warm up from there.</param>
    public StepTable Derive(NoiseSchedule noise, PredictionType prediction, int start = 0) =>
        Derive(new Derivation(NoiseOf(noise), OwnPrediction ?? prediction, start));

    /// <summary>How noisy a sample is at a timestep: what image-to-image makes of a clean one before it starts there.</summary>
    /// <param name="noise">The checkpoint's noise schedule.</param>
    /// <param name="timestep">One of the sampler's timesteps; samplers that step between training timesteps take any of those.</param>
    public virtual NoiseLevel LevelAt(NoiseSchedule noise, double timestep) =>
        NoiseLevel.OfAlphaBar(NoiseOf(noise).Curve().AlphaBar((int)timestep));

    /// <summary>The timesteps that the network is told, in order; methods with several evaluations in a step have several for each.</summary>
    /// <param name="noise">The checkpoint's noise schedule.</param>
    public IReadOnlyList<double> Timesteps(NoiseSchedule noise) =>
        Derive(noise, PredictionType.VPrediction).Evaluations.Select(evaluation => evaluation.Timestep).ToArray();

    /// <summary>
    /// Where a run may start: the k-th entry is the first evaluation, counted from 0, of a table that leaves out k steps. Samplers that make shorter steps of what
    /// is left over count every evaluation.
    /// </summary>
    /// <param name="noise">The checkpoint's noise schedule.</param>
    public virtual IReadOnlyList<int> Starts(NoiseSchedule noise)
    {
        var first = 0;
        return Derive(noise, PredictionType.VPrediction).Steps.Select(step => (first += step.Ops.OfType<EvaluateOp>().Count()) - step.Ops.OfType<EvaluateOp>().Count()).ToArray();
    }

    /// <summary>Which networks it is for.</summary>
    internal virtual ModelKind Kind => ModelKind.Diffusion;

    /// <summary>What the class's config files say of the noise; overridden where that is not all there is.</summary>
    internal virtual NoiseKeys NoiseKeys => NoiseKeys.All;

    /// <summary>The options as <c>scheduler_config.json</c> holds them; those that are as the file said keep its words.</summary>
    /// <param name="config">What the checkpoint says.</param>
    internal abstract IEnumerable<JsonMember> ConfigMembers(SchedulerConfig config);

    /// <summary>The options as receipts hold them, by their words in code, in fixed order.</summary>
    /// <param name="plain">The same sampler without options, whose values are left out; null: all that have one.</param>
    internal abstract IEnumerable<JsonMember> JsonMembers(Scheduler? plain);

    /// <summary>The same sampler with an option as a receipt says it; null where it has no such option.</summary>
    /// <param name="member">The option's word in code, and its value.</param>
    internal abstract Scheduler? WithJson(JsonMember member);

    /// <summary>The same sampler with another number of steps.</summary>
    /// <param name="steps">n; null: all T.</param>
    internal abstract Scheduler WithStepCount(int? steps);

    /// <summary>The options' words in code and in <c>scheduler_config.json</c>, with their defaults.</summary>
    internal abstract IEnumerable<OptionText> OptionTexts { get; }

    /// <summary>The noise schedule that is sampled on: the checkpoint's, unless the sampler brings its own.</summary>
    private protected virtual NoiseSchedule NoiseOf(NoiseSchedule noise) => noise;

    /// <summary>How noisy x is where the network is told a timestep, for samplers that do not step on training timesteps.</summary>
    /// <remarks>As in diffusers the second of equal timesteps counts (to 1e-3, being float32 there), and the last where none is equal.</remarks>
    private protected NoiseLevel LevelOfEvaluation(NoiseSchedule noise, double timestep)
    {
        var evaluations = Derive(noise, PredictionType.VPrediction).Steps
            .SelectMany(step => step.Ops.OfType<EvaluateOp>().Select(evaluation => (evaluation.Timestep, Level: LevelFor(step, evaluation))))
            .ToArray();
        var equal = evaluations.Where(evaluation => System.Math.Abs(evaluation.Timestep - timestep) < 1e-3).Take(2).ToArray();
        return (equal.Length > 0 ? equal[equal.Length - 1] : evaluations[evaluations.Length - 1]).Level;
    }

    /// <summary>How noisy diffusers makes a sample for an evaluation's timestep.</summary>
    private protected virtual NoiseLevel LevelFor(Step step, EvaluateOp evaluation) => evaluation.Level;

    /// <summary>The value of every option, and who said it.</summary>
    /// <param name="config">What the checkpoint says.</param>
    internal abstract IEnumerable<ResolvedOption> Explain(SchedulerConfig config);

    /// <summary>The rows of <see cref="Derive(NoiseSchedule, PredictionType, int)"/>.</summary>
    private protected abstract StepTable Derive(Derivation derivation);
}
