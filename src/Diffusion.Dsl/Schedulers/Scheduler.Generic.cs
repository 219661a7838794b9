using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>What all samplers share: a number of steps, and options that resolve, print and are written to a config from one list.</summary>
/// <typeparam name="TSelf">The sampler itself.</typeparam>
public abstract record Scheduler<TSelf> : Scheduler
    where TSelf : Scheduler<TSelf>
{
    private protected Scheduler()
    {
    }

    /// <summary>n, the number of steps; null: all T of the noise schedule.</summary>
    public int? Steps { get; init; }

    /// <inheritdoc/>
    public sealed override int? StepCount => Steps;

    /// <summary>The same sampler with another number of steps.</summary>
    /// <param name="steps">n, at least 1.</param>
    public TSelf WithSteps(int? steps) => Self(this with { Steps = steps });

    /// <inheritdoc/>
    internal sealed override Scheduler OfSteps(int steps) => WithSteps(steps);

    /// <inheritdoc/>
    public sealed override Scheduler Resolve(SchedulerConfig config) =>
        Options.Aggregate(WithSteps(Steps ?? config.Noise.TrainTimesteps), (sampler, option) => option.Resolve(sampler, config));

    /// <summary>The canonical text: <c>Ddim(40, eta: 0.5)</c>; options that have diffusers' default are left out.</summary>
    public sealed override string ToString() =>
        Options.Aggregate(new Signature(Name).Argument(FirstArgument), (signature, option) => option.Say(Self(this), signature)).ToString();

    /// <summary>The options, in the order in which they are written. One line each: name, key, property, default.</summary>
    private protected abstract IReadOnlyList<SchedulerOption<TSelf>> Options { get; }

    /// <summary>Words that the definition says and this sampler does not know.</summary>
    private protected IEnumerable<Finding> UnknownWords() => Options.SelectMany(option => option.Check(Self(this)));

    /// <summary>What stands first between the brackets; null: nothing.</summary>
    private protected virtual object? FirstArgument => Steps;

    /// <inheritdoc/>
    internal sealed override IEnumerable<JsonMember> ConfigMembers(SchedulerConfig config) => Options.SelectMany(option => option.Write(Self(this), config));

    /// <inheritdoc/>
    internal sealed override IEnumerable<JsonMember> JsonMembers(Scheduler? plain) =>
        Options.Select(option => option.ToJson(Self(this), plain as TSelf)).OfType<JsonMember>();

    /// <inheritdoc/>
    internal sealed override Scheduler? WithJson(JsonMember member) =>
        member.Name.Length > 0 && Options.FirstOrDefault(option => option.Name == member.Name) is { } option ? option.FromJson(Self(this), member.Value) : null;

    /// <inheritdoc/>
    internal sealed override Scheduler WithStepCount(int? steps) => WithSteps(steps);

    /// <inheritdoc/>
    internal sealed override IEnumerable<OptionText> OptionTexts => Options.Select(option => option.Text);

    /// <inheritdoc/>
    internal sealed override IEnumerable<ResolvedOption> Explain(SchedulerConfig config) => Options.Select(option => option.Explain(Self(this), config)).OfType<ResolvedOption>();

    private protected static TSelf Self(Scheduler<TSelf> sampler) => (TSelf)sampler;
}
