using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>A sampler that steps between noise levels σ, which may lie between those of training.</summary>
/// <typeparam name="TSelf">The sampler itself.</typeparam>
public abstract record SigmaScheduler<TSelf> : SpacedScheduler<TSelf>
    where TSelf : SigmaScheduler<TSelf>
{
    private protected SigmaScheduler()
    {
    }

    /// <summary>How the noise levels are spread; null: as the checkpoint says, else the model's own.</summary>
    public SigmaSchedule? Sigmas { get; init; }

    /// <summary>Noise levels given one by one, where the last step ends included; empty: chosen by <see cref="Sigmas"/>.</summary>
    public EquatableArray<double> CustomSigmas { get; init; }

    /// <summary>The same sampler with another <see cref="Sigmas"/>.</summary>
    /// <param name="sigmas">How the noise levels are spread; null: as the checkpoint says.</param>
    public TSelf WithSigmas(SigmaSchedule? sigmas) => Self(this with { Sigmas = sigmas });

    /// <summary>The same sampler at the given noise levels; each is the ratio of noise to signal.</summary>
    /// <param name="sigmas">n + 1 levels, falling strictly, the last of which may be 0; none: chosen by <see cref="Sigmas"/>.</param>
    public TSelf WithCustomSigmas(params double[] sigmas) =>
        Self(this with { CustomSigmas = sigmas.ToEquatableArray(), Steps = sigmas.Length == 0 ? Steps : sigmas.Length - 1 });

    /// <summary>The options that every such sampler has.</summary>
    /// <param name="standard">The sampler's default spacing.</param>
    /// <param name="spreadInConfig">Whether config files say the spread; false: <see cref="Sigmas"/> is for definitions alone.</param>
    /// <param name="lu">Whether the class's config files have <c>use_lu_lambdas</c>.</param>
    private protected static IEnumerable<SchedulerOption<TSelf>> SigmaOptions(TimestepSpacing standard, bool spreadInConfig = true, bool lu = false) =>
        SpacedOptions(standard).Concat(
        [
            SchedulerOption<TSelf>.Argument("customSigmas", sampler => sampler.CustomSigmas, (sampler, value) => sampler.WithCustomSigmas([.. value]), default(EquatableArray<double>)),
            spreadInConfig
                ? SchedulerOption<TSelf>.Sigmas(sampler => sampler.Sigmas, (sampler, sigmas) => sampler.WithSigmas(sigmas), lu)
                : SchedulerOption<TSelf>.Argument<SigmaSchedule>("sigmas", sampler => sampler.Sigmas, (sampler, value) => sampler.WithSigmas(value), SigmaSchedule.FromModel),
        ]);

    /// <inheritdoc/>
    private protected sealed override object? FirstArgument => CustomSigmas.IsEmpty ? base.FirstArgument : null;

    /// <inheritdoc/>
    public override NoiseLevel LevelAt(NoiseSchedule noise, double timestep) => LevelOfEvaluation(noise, timestep);

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions()
    {
        foreach (var finding in Sigmas?.Check() ?? [])
        {
            yield return finding;
        }

        if (!CustomTimesteps.IsEmpty && Sigmas is not null and not ModelSigmas)
        {
            yield return Rules.OptionsExclude.Found("timesteps", "sigmas: " + Sigmas, "a spread of noise levels brings its own timesteps");
        }

        if (!CustomTimesteps.IsEmpty && !CustomSigmas.IsEmpty)
        {
            yield return Rules.OptionsExclude.Found("timesteps", "customSigmas", "each fixes the other");
        }

        foreach (var finding in SpacedChecks.Falling(CustomSigmas))
        {
            yield return finding;
        }
    }

    /// <summary>What a ladder is made from; subclasses add what only they have.</summary>
    /// <param name="noise">The checkpoint's noise schedule.</param>
    /// <param name="final">Where the last step ends.</param>
    private protected LadderGrid Grid(NoiseSchedule noise, FinalSigma final) =>
        new(Steps ?? noise.TrainTimesteps, noise.TrainTimesteps, Spacing ?? TimestepSpacing.Linspace, StepsOffset ?? 0, Sigmas ?? SigmaSchedule.FromModel, final)
        {
            CustomTimesteps = CustomTimesteps,
            CustomSigmas = CustomSigmas,
        };

    /// <summary>The standard deviation of the first x: σ_0 where the spacing starts at the end of training, else √(σ_0² + 1), as diffusers has it.</summary>
    /// <param name="ladder">The levels.</param>
    private protected double InitialNoiseSigma(SigmaLadder ladder) => Spacing == TimestepSpacing.Leading
        ? System.Math.Sqrt((ladder.Sigmas[0] * ladder.Sigmas[0]) + 1)
        : ladder.Sigmas[0];
}
