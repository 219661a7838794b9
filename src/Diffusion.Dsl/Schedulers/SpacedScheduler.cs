using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>A sampler whose timesteps are chosen among the training ones.</summary>
/// <typeparam name="TSelf">The sampler itself.</typeparam>
public abstract record SpacedScheduler<TSelf> : Scheduler<TSelf>
    where TSelf : SpacedScheduler<TSelf>
{
    private protected SpacedScheduler()
    {
    }

    /// <summary>How the timesteps are chosen; null: as the checkpoint says, else the sampler's default.</summary>
    public TimestepSpacing? Spacing { get; init; }

    /// <summary>Added to every timestep of <see cref="TimestepSpacing.Leading"/>; null: as the checkpoint says, else 0.</summary>
    public int? StepsOffset { get; init; }

    /// <summary>Timesteps given one by one, falling strictly; empty: chosen by <see cref="Spacing"/>.</summary>
    public EquatableArray<int> CustomTimesteps { get; init; }

    /// <summary>The same sampler with another <see cref="Spacing"/>.</summary>
    /// <param name="spacing">How the timesteps are chosen; null: as the checkpoint says.</param>
    public TSelf WithSpacing(TimestepSpacing? spacing) => Self(this with { Spacing = spacing });

    /// <summary>The same sampler with another <see cref="StepsOffset"/>.</summary>
    /// <param name="stepsOffset">At least 0; null: as the checkpoint says.</param>
    public TSelf WithStepsOffset(int? stepsOffset) => Self(this with { StepsOffset = stepsOffset });

    /// <summary>The same sampler at the given timesteps.</summary>
    /// <param name="timesteps">Falling strictly from at most T − 1 to at least 0; none: chosen by <see cref="Spacing"/>.</param>
    public TSelf WithCustomTimesteps(params int[] timesteps) =>
        Self(this with { CustomTimesteps = timesteps.ToEquatableArray(), Steps = timesteps.Length == 0 ? Steps : timesteps.Length });

    /// <inheritdoc/>
    public sealed override IEnumerable<Finding> Check(NoiseSchedule noise, PredictionType prediction)
    {
        var steps = Steps ?? noise.TrainTimesteps;
        var findings = SpacedChecks.Steps(noise, steps)
            .Concat(CustomTimesteps.IsEmpty ? SpacedChecks.Offset(noise, steps, Spacing, StepsOffset ?? 0) : SpacedChecks.Custom(noise, CustomTimesteps))
            .Concat(UnknownWords())
            .Concat(CheckOptions())
            .ToArray();
        return findings.Length > 0 ? findings : CheckTable(noise, prediction);
    }

    /// <summary>The options that every such sampler has.</summary>
    /// <param name="standard">The sampler's default spacing.</param>
    private protected static IEnumerable<SchedulerOption<TSelf>> SpacedOptions(TimestepSpacing standard) =>
    [
        SchedulerOption<TSelf>.Argument("timesteps", sampler => sampler.CustomTimesteps, (sampler, value) => sampler.WithCustomTimesteps([.. value]), default(EquatableArray<int>)),
        SchedulerOption<TSelf>.Word("spacing", "timestep_spacing", sampler => sampler.Spacing, (sampler, spacing) => sampler.WithSpacing(spacing), standard),
        SchedulerOption<TSelf>.Integer("stepsOffset", "steps_offset", sampler => sampler.StepsOffset, (sampler, offset) => sampler.WithStepsOffset(offset), 0),
    ];

    /// <inheritdoc/>
    private protected override object? FirstArgument => CustomTimesteps.IsEmpty ? Steps : null;

    /// <summary>What is wrong with the sampler's own options.</summary>
    private protected abstract IEnumerable<Finding> CheckOptions();

    /// <summary>What is wrong with the sampler on this schedule, its options being right.</summary>
    private protected virtual IEnumerable<Finding> CheckTable(NoiseSchedule noise, PredictionType prediction) => [];

    /// <summary>The timesteps of a resolved sampler, noisiest first.</summary>
    private protected IReadOnlyList<int> Spaced(NoiseSchedule noise) => CustomTimesteps.IsEmpty
        ? Dsl.Timesteps.Descending(Spacing ?? TimestepSpacing.Leading, noise.TrainTimesteps, Steps ?? noise.TrainTimesteps, StepsOffset ?? 0)
        : CustomTimesteps;

    /// <summary>⌊T/n⌋, by which samplers of training timesteps step.</summary>
    private protected int Stride(NoiseSchedule noise) => noise.TrainTimesteps / (Steps ?? noise.TrainTimesteps);
}
