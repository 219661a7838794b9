using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>DDPM, the ancestral sampler of Ho, Jain and Abbeel (2020), arXiv:2006.11239.</summary>
/// <remarks>
/// <para>ᾱ_t = ∏_{s≤t} (1 − β_s); t′ is the timestep visited next; α = ᾱ_t / ᾱ_{t′} and β = 1 − α belong to the whole step t → t′.</para>
/// <para>Eq. (7): x_{t′} = (√ᾱ_{t′} β / (1 − ᾱ_t)) x̂_0 + (√α (1 − ᾱ_{t′}) / (1 − ᾱ_t)) x + σ z, β̃ = (1 − ᾱ_{t′}) β / (1 − ᾱ_t)</para>
/// <para>
/// σ² is β̃ (fixed_small) or β (fixed_large); both give similar samples (section 3.2). A learned variance comes from the second half of the
/// network's channels (arXiv:2102.09672, Eq. 15). At t = 0 nothing is drawn. β̃ is at least 1e-20, as in diffusers.
/// </para>
/// <para>Parity target: diffusers <c>DDPMScheduler</c>, but for fixed_large_log, which is NaN there.</para>
/// </remarks>
/// <param name="Steps">n, 1 to T; null: all T of the noise schedule.</param>
public sealed record DdpmScheduler(int? Steps = null) : Scheduler
{
    /// <summary>Where the variance comes from; null: as the checkpoint says, else fixed_small.</summary>
    public VarianceType? Variance { get; init; }

    /// <summary>How the timesteps are chosen; null: as the checkpoint says, else leading.</summary>
    public TimestepSpacing? Spacing { get; init; }

    /// <summary>Added to every timestep of <see cref="TimestepSpacing.Leading"/>; null: as the checkpoint says, else 0.</summary>
    public int? StepsOffset { get; init; }

    /// <summary>What keeps x̂_0 in range; null: as the checkpoint says, else [−1, 1].</summary>
    public Clamp? Clamp { get; init; }

    /// <summary>Timesteps given one by one, falling strictly; empty: chosen by <see cref="Spacing"/>.</summary>
    public EquatableArray<int> CustomTimesteps { get; init; }

    /// <summary>The same sampler with another number of steps.</summary>
    /// <param name="steps">n, 1 to T.</param>
    public DdpmScheduler WithSteps(int steps) => this with { Steps = steps };

    /// <summary>The same sampler with another <see cref="Variance"/>.</summary>
    /// <param name="variance">Where the variance comes from.</param>
    public DdpmScheduler WithVariance(VarianceType variance) => this with { Variance = variance };

    /// <summary>The same sampler with another <see cref="Spacing"/>.</summary>
    /// <param name="spacing">How the timesteps are chosen.</param>
    public DdpmScheduler WithSpacing(TimestepSpacing spacing) => this with { Spacing = spacing };

    /// <summary>The same sampler with another <see cref="StepsOffset"/>.</summary>
    /// <param name="stepsOffset">At least 0.</param>
    public DdpmScheduler WithStepsOffset(int stepsOffset) => this with { StepsOffset = stepsOffset };

    /// <summary>The same sampler with another <see cref="Clamp"/>.</summary>
    /// <param name="clamp">What keeps x̂_0 in range.</param>
    public DdpmScheduler WithClamp(Clamp clamp) => this with { Clamp = clamp };

    /// <summary>The same sampler at the given timesteps.</summary>
    /// <param name="timesteps">Falling strictly from at most T − 1 to at least 0.</param>
    public DdpmScheduler WithCustomTimesteps(params int[] timesteps) => this with { CustomTimesteps = timesteps.ToEquatableArray(), Steps = timesteps.Length };

    /// <inheritdoc/>
    public override string ShortName => "Ddpm" + Text.Of(Steps);

    /// <inheritdoc/>
    public override Scheduler Resolve(SchedulerConfig config) => this with
    {
        Steps = Steps ?? config.Noise.TrainTimesteps,
        Variance = Variance ?? config.Variance ?? VarianceType.FixedSmall,
        Spacing = Spacing ?? config.Spacing ?? TimestepSpacing.Leading,
        StepsOffset = StepsOffset ?? config.StepsOffset ?? 0,
        Clamp = Clamp ?? config.Clamp ?? Clamp.Range(),
    };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(NoiseSchedule noise, PredictionType prediction)
    {
        var steps = Steps ?? noise.TrainTimesteps;
        var findings = SpacedChecks.Steps(noise, steps)
            .Concat(CustomTimesteps.IsEmpty ? SpacedChecks.Offset(noise, steps, Spacing, StepsOffset ?? 0) : [])
            .Concat(SpacedChecks.Clamping(Clamp))
            .ToList();
        for (var i = 0; i < CustomTimesteps.Count; i++)
        {
            if (CustomTimesteps[i] < 0 || CustomTimesteps[i] >= (i == 0 ? noise.TrainTimesteps : CustomTimesteps[i - 1]))
            {
                findings.Add(Rules.CustomTimestepsInvalid.Found(CustomTimesteps[i], i, noise.TrainTimesteps - 1));
                break;
            }
        }

        return findings.Count > 0 ? findings : SpacedChecks.TerminalSnr(noise, prediction, Timesteps(noise));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Timesteps(NoiseSchedule noise) => CustomTimesteps.IsEmpty
        ? Dsl.Timesteps.Descending(Spacing ?? TimestepSpacing.Leading, noise.TrainTimesteps, Steps ?? noise.TrainTimesteps, StepsOffset ?? 0)
        : CustomTimesteps;

    /// <inheritdoc/>
    public override StepTable Derive(NoiseSchedule noise, PredictionType prediction)
    {
        var curve = noise.Curve();
        var timesteps = Timesteps(noise);
        var stride = noise.TrainTimesteps / (Steps ?? noise.TrainTimesteps);
        return new StepTable(timesteps.Select((t, i) =>
            Row(t, CustomTimesteps.IsEmpty ? t - stride : i + 1 < timesteps.Count ? timesteps[i + 1] : -1, curve, prediction)));
    }

    private Step Row(int timestep, int previous, NoiseCurve curve, PredictionType prediction)
    {
        var (alphaBar, previousAlphaBar) = (curve.AlphaBar(timestep), previous >= 0 ? curve.AlphaBar(previous) : 1);
        var alpha = alphaBar / previousAlphaBar;
        var beta = 1 - alpha;
        var posterior = Max((1 - previousAlphaBar) / (1 - alphaBar) * beta, 1e-20); // β̃ of (7)
        var basis = PredictionBasis.Of(prediction, alphaBar);
        var update = AffineOp.Of(
            Register.X,
            new Term(Register.X0, Sqrt(previousAlphaBar) * beta / (1 - alphaBar)),
            new Term(Register.X, Sqrt(alpha) * (1 - previousAlphaBar) / (1 - alphaBar)));
        var learned = Variance is VarianceType.Learned or VarianceType.LearnedRange;
        var sigma = Variance is VarianceType.FixedLarge or VarianceType.FixedLargeLog ? Sqrt(beta) : Sqrt(posterior);
        return Step.Of(
            timestep,
            previous,
            EvaluateOp.Single(timestep, splitVariance: learned),
            new ConvertOp(basis.P, basis.Q),
            Clamp is null or NoClamp ? null : new ClampOp(Clamp),
            timestep > 0 && !learned ? update.WithNoise(sigma) : update,
            timestep > 0 && learned ? new LearnedNoiseOp(Log(posterior), Log(beta), Variance == VarianceType.LearnedRange) : null);
    }

    /// <summary>The canonical text: <c>Ddpm(1000, variance: fixed_large)</c>; options that have diffusers' default are left out.</summary>
    public override string ToString() => new Signature("Ddpm")
        .Argument(CustomTimesteps.IsEmpty ? Steps : null)
        .Option("timesteps", CustomTimesteps, default(EquatableArray<int>))
        .Option("variance", Variance, VarianceType.FixedSmall)
        .Option("spacing", Spacing, TimestepSpacing.Leading)
        .Option("stepsOffset", StepsOffset, 0)
        .Option("clamp", Clamp, Clamp.Range())
        .ToString();
}
