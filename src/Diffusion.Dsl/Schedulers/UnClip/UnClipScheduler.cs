using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>The ancestral sampler of unCLIP's prior and decoder: Ramesh et al. (2022), arXiv:2204.06125, sections 2.1 and 2.2; DDPM (arXiv:2006.11239) on its own noise.</summary>
/// <remarks>
/// <para>β_t is that of the cosine schedule (arXiv:2102.09672, Eq. 17) whatever the checkpoint says; ᾱ_t = ∏_{s≤t} (1 − β_s); t′ is where a step ends.</para>
/// <para>β is β_t where t′ = t − 1, else 1 − ᾱ_t/ᾱ_{t′}; α = 1 − β</para>
/// <para>2006.11239, Eq. (7): x_{t′} = (√ᾱ_{t′} β / (1 − ᾱ_t)) x̂_0 + (√α (1 − ᾱ_{t′}) / (1 − ᾱ_t)) x + σ z, σ² = β̃ = (1 − ᾱ_{t′}) β / (1 − ᾱ_t)</para>
/// <para>
/// A learned variance lies between β̃ and β in the logarithm (arXiv:2102.09672, Eq. 15). At t = 0 nothing is drawn. β̃ is at least 1e-20.
/// </para>
/// <para>
/// The timesteps are i (T − 1)/(n − 1), rounded. As in diffusers a step ends at t − 1 unless told: its pipelines tell the next timestep,
/// <see cref="ToNextTimestep"/>. One step starts at T − 1, where diffusers divides by 0.
/// </para>
/// <para>Parity target: diffusers <c>UnCLIPScheduler</c>.</para>
/// </remarks>
public sealed record UnClipScheduler : Scheduler<UnClipScheduler>
{
    private static readonly SchedulerOption<UnClipScheduler>[] OptionList =
    [
        SchedulerOption<UnClipScheduler>.Argument("toNextTimestep", sampler => sampler.ToNextTimestep, (sampler, value) => sampler.WithToNextTimestep(value), false),
        SchedulerOption<UnClipScheduler>.Argument("prevTimestep", sampler => sampler.PrevTimestep, (sampler, value) => sampler.WithPrevTimestep([.. value]), default(EquatableArray<int>)),
        SchedulerOption<UnClipScheduler>.Word("variance", "variance_type", sampler => sampler.Variance, (sampler, variance) => sampler.WithVariance(variance == VarianceType.LearnedRange ? variance : VarianceType.FixedSmallLog), VarianceType.FixedSmallLog),
        SchedulerOption<UnClipScheduler>.Clamp(sampler => sampler.Clamp, (sampler, clamp) => sampler.WithClamp(clamp), Clamp.Range(), thresholds: false),
    ];

    /// <summary>Whether a step ends at the next timestep, as it should with fewer than T steps; false: at t − 1, as in diffusers unless its step is told prev_timestep.</summary>
    public bool ToNextTimestep { get; init; }

    /// <summary>Where each step ends, below its timestep, −1 at the clean sample; a single one holds for all steps; empty: as <see cref="ToNextTimestep"/> says.</summary>
    public EquatableArray<int> PrevTimestep { get; init; }

    /// <summary>fixed_small_log or learned_range; null: as the checkpoint says, else fixed_small_log.</summary>
    public VarianceType? Variance { get; init; }

    /// <summary>What keeps x̂_0 in range; null: as the checkpoint says, else [−1, 1].</summary>
    public Clamp? Clamp { get; init; }

    /// <summary>The same sampler with another <see cref="ToNextTimestep"/>.</summary>
    /// <param name="toNextTimestep">Whether a step ends at the next timestep.</param>
    public UnClipScheduler WithToNextTimestep(bool toNextTimestep) => this with { ToNextTimestep = toNextTimestep };

    /// <summary>The same sampler with steps that end at the given timesteps.</summary>
    /// <param name="prevTimestep">One for each step, or one for all: −1 (the clean sample) to t − 1; none: as <see cref="ToNextTimestep"/> says.</param>
    public UnClipScheduler WithPrevTimestep(params int[] prevTimestep) => this with { PrevTimestep = prevTimestep.ToEquatableArray() };

    /// <summary>The same sampler with another <see cref="Variance"/>.</summary>
    /// <param name="variance">fixed_small_log or learned_range; null: as the checkpoint says.</param>
    public UnClipScheduler WithVariance(VarianceType? variance) => this with { Variance = variance };

    /// <summary>The same sampler with another <see cref="Clamp"/>.</summary>
    /// <param name="clamp">A range or nothing; null: as the checkpoint says.</param>
    public UnClipScheduler WithClamp(Clamp? clamp) => this with { Clamp = clamp };

    /// <inheritdoc/>
    public override string Name => "UnClip";

    /// <inheritdoc/>
    public override string DiffusersClass => "UnCLIPScheduler";

    /// <inheritdoc/>
    public override int Order => 1;

    /// <inheritdoc/>
    public override bool IsStochastic => true;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(NoiseSchedule noise, PredictionType prediction)
    {
        var findings = SpacedChecks.Steps(noise, Steps ?? noise.TrainTimesteps).Concat(SpacedChecks.Clamping(Clamp)).Concat(UnknownWords()).Concat(CheckOptions(prediction)).ToArray();
        return findings.Length > 0 || PrevTimestep.IsEmpty ? findings : CheckPrevious(noise);
    }

    /// <inheritdoc/>
    internal override NoiseKeys NoiseKeys => NoiseKeys.Only("num_train_timesteps", "beta_schedule", "prediction_type") with { Noise = NoiseSchedule.Cosine };

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<UnClipScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override NoiseSchedule NoiseOf(NoiseSchedule noise) => NoiseSchedule.Cosine.WithTrainTimesteps(noise.TrainTimesteps);

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var timesteps = Visited(derivation.Noise);
        return derivation.Table(timesteps.Length, i => Row(timesteps[i], Previous(timesteps, i), derivation));
    }

    private IEnumerable<Finding> CheckOptions(PredictionType prediction)
    {
        if (prediction is not (PredictionType.Epsilon or PredictionType.Sample))
        {
            yield return Rules.PredictionNotSupported.Found(Names.Of(prediction), Name, "epsilon and sample");
        }

        if (Clamp is DynamicThreshold)
        {
            yield return Rules.OptionsExclude.Found("clamp: " + Clamp, Name, "it keeps x0 in range by cutting it or not at all");
        }
    }

    private IEnumerable<Finding> CheckPrevious(NoiseSchedule noise)
    {
        var timesteps = Visited(noise);
        if (PrevTimestep.Count != 1 && PrevTimestep.Count != timesteps.Length)
        {
            yield return Rules.OptionOutOfRange.Found("the number of prev_timestep", Name, PrevTimestep.Count, "1, or one for each of " + Text.Of(timesteps.Length) + " steps", timesteps.Length);
            yield break;
        }

        for (var i = 0; i < timesteps.Length; i++)
        {
            var (t, previous) = (timesteps[i], Previous(timesteps, i));
            if (previous < -1 || previous > t || (previous == t && t > 0))
            {
                yield return Rules.OptionOutOfRange.Found("prev_timestep", Name, previous, "at least -1 and below the timestep " + Text.Of(t), t - 1);
                yield break;
            }
        }
    }

    private int[] Visited(NoiseSchedule noise)
    {
        var (last, steps) = (noise.TrainTimesteps - 1, Steps ?? noise.TrainTimesteps);
        return steps == 1 ? [last] : Enumerable.Range(0, steps).Select(i => (int)Round(i * (last / (double)(steps - 1)))).Reverse().ToArray();
    }

    private int Previous(int[] timesteps, int i) => PrevTimestep.Count > 0 ? PrevTimestep[PrevTimestep.Count == 1 ? 0 : i]
        : !ToNextTimestep ? timesteps[i] - 1
        : i + 1 < timesteps.Length ? timesteps[i + 1]
        : -1;

    private Step Row(int timestep, int previous, Derivation derivation)
    {
        var curve = derivation.Curve;
        var (alphaBar, previousAlphaBar) = (curve.AlphaBar(timestep), previous >= 0 ? curve.AlphaBar(previous) : 1);
        var level = NoiseLevel.OfAlphaBar(alphaBar);
        var beta = previous == timestep - 1 ? curve.Beta(timestep) : 1 - (alphaBar / previousAlphaBar);
        var posterior = Max((1 - previousAlphaBar) / (1 - alphaBar) * beta, 1e-20); // β̃ of (7)
        var update = AffineOp.Of(
            Register.X,
            new Term(Register.X0, Sqrt(previousAlphaBar) * beta / (1 - alphaBar)),
            new Term(Register.X, Sqrt(1 - beta) * (1 - previousAlphaBar) / (1 - alphaBar)));
        var learned = Variance == VarianceType.LearnedRange;
        var interpolates = learned && previous >= 0; // at the clean sample β̃ is 0, and so is what lies between it and β in the logarithm
        return Step.Of(
            timestep,
            previous,
            NoiseLevel.OfAlphaBar(previousAlphaBar),
            [
                EvaluateOp.Single(timestep, level, splitVariance: learned),
                .. derivation.CleanSample(level, Clamp),
                timestep > 0 && !interpolates ? update.WithNoise(learned ? 0 : Sqrt(posterior)) : update,
                timestep > 0 && interpolates ? new LearnedNoiseOp(Log(posterior), Log(beta), IsRange: true) : null,
            ]);
    }
}
