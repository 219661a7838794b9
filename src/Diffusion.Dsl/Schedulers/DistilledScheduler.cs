using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>A sampler of a network that was distilled on a grid of training timesteps: it visits a few of the grid's.</summary>
/// <typeparam name="TSelf">The sampler itself.</typeparam>
public abstract record DistilledScheduler<TSelf> : Scheduler<TSelf>
    where TSelf : DistilledScheduler<TSelf>
{
    private protected DistilledScheduler()
    {
    }

    /// <summary>The part of the grid that is visited, from the clean end, in (0, 1]: below 1 for image-to-image.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>Timesteps given one by one, falling strictly; empty: chosen from the grid.</summary>
    public EquatableArray<int> CustomTimesteps { get; init; }

    /// <summary>The same sampler with another <see cref="Strength"/>.</summary>
    /// <param name="strength">In (0, 1].</param>
    public TSelf WithStrength(double strength) => Self(this with { Strength = strength });

    /// <summary>The same sampler at the given timesteps.</summary>
    /// <param name="timesteps">Falling strictly from at most T − 1 to at least 0; none: chosen from the grid.</param>
    public TSelf WithCustomTimesteps(params int[] timesteps) =>
        Self(this with { CustomTimesteps = timesteps.ToEquatableArray(), Steps = timesteps.Length == 0 ? Steps : timesteps.Length });

    /// <inheritdoc/>
    public sealed override IEnumerable<Finding> Check(NoiseSchedule noise, PredictionType prediction)
    {
        var steps = Count(noise);
        var findings = SpacedChecks.Steps(noise, steps)
            .Concat(SpacedChecks.Custom(noise, CustomTimesteps))
            .Concat(SpacedChecks.InRange("strength", Name, Strength, 1e-9, 1, 1))
            .Concat(CheckOptions(noise))
            .ToArray();
        if (findings.Length > 0)
        {
            return findings;
        }

        if (!CustomTimesteps.IsEmpty && (int)(steps * Strength) < 1)
        {
            return [Rules.OptionOutOfRange.Found("strength", Name, Strength, "large enough to leave one of the " + Text.Of(steps) + " timesteps", 1)];
        }

        var most = CustomTimesteps.IsEmpty ? Grid(noise).Count : steps;
        return steps > most
            ? [Rules.OptionOutOfRange.Found("steps", Name, steps, "at most the " + Text.Of(most) + " that strength and the original inference steps leave", 4)]
            : SpacedChecks.TerminalSnr(noise, prediction, Visited(noise));
    }

    /// <inheritdoc/>
    internal override NoiseKeys NoiseKeys => NoiseKeys.All with { Noise = NoiseSchedule.StableDiffusion };

    /// <inheritdoc/>
    private protected sealed override object? FirstArgument => CustomTimesteps.IsEmpty ? Steps : null;

    /// <summary>The options that every such sampler has.</summary>
    private protected static IEnumerable<SchedulerOption<TSelf>> DistilledOptions() =>
    [
        SchedulerOption<TSelf>.Argument("strength", sampler => sampler.Strength, (sampler, value) => sampler.WithStrength(value), 1.0),
        SchedulerOption<TSelf>.Argument("timesteps", sampler => sampler.CustomTimesteps, (sampler, value) => sampler.WithCustomTimesteps([.. value]), default(EquatableArray<int>)),
    ];

    /// <summary>What is wrong with the sampler's own options.</summary>
    private protected abstract IEnumerable<Finding> CheckOptions(NoiseSchedule noise);

    /// <summary>The timesteps to choose from, the cleanest first.</summary>
    private protected abstract IReadOnlyList<int> Grid(NoiseSchedule noise);

    /// <summary>The grid of distillation: ⌊T/original⌋·i − 1 for i from 1 to ⌊original·strength⌋.</summary>
    private protected IReadOnlyList<int> DistillationGrid(NoiseSchedule noise, int original) =>
        Enumerable.Range(1, (int)(original * Strength)).Select(i => (i * (noise.TrainTimesteps / original)) - 1).ToArray();

    /// <summary>The timesteps of a resolved sampler, the noisiest first: evenly spaced places of the grid, or the last of the given ones that strength leaves.</summary>
    private protected IReadOnlyList<int> Visited(NoiseSchedule noise)
    {
        if (!CustomTimesteps.IsEmpty)
        {
            return CustomTimesteps.Skip(CustomTimesteps.Count - (int)(CustomTimesteps.Count * Strength)).ToArray();
        }

        var (grid, steps) = (Grid(noise), Count(noise));
        return Enumerable.Range(0, steps).Select(i => grid[grid.Count - 1 - (int)(i * (grid.Count / (double)steps))]).ToArray();
    }

    /// <summary>Whether noise follows the i-th step.</summary>
    /// <remarks>
    /// As in diffusers the last of the steps that were asked for has none. Strength leaves the first of given timesteps out but does not count them down,
    /// so that the last of the rest is followed by noise.
    /// </remarks>
    private protected bool AddsNoise(NoiseSchedule noise, int i) => i != Count(noise) - 1;

    private int Count(NoiseSchedule noise) => CustomTimesteps.IsEmpty ? Steps ?? noise.TrainTimesteps : CustomTimesteps.Count;
}
