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
public sealed record DdpmScheduler : SpacedScheduler<DdpmScheduler>
{
    private static readonly SchedulerOption<DdpmScheduler>[] OptionList =
    [
        .. SpacedOptions(TimestepSpacing.Leading),
        SchedulerOption<DdpmScheduler>.Word("variance", "variance_type", sampler => sampler.Variance, (sampler, variance) => sampler.WithVariance(variance), VarianceType.FixedSmall),
        SchedulerOption<DdpmScheduler>.Clamp(sampler => sampler.Clamp, (sampler, clamp) => sampler.WithClamp(clamp), Clamp.Range()),
    ];

    /// <summary>Where the variance comes from; null: as the checkpoint says, else fixed_small.</summary>
    public VarianceType? Variance { get; init; }

    /// <summary>What keeps x̂_0 in range; null: as the checkpoint says, else [−1, 1].</summary>
    public Clamp? Clamp { get; init; }

    /// <summary>The same sampler with another <see cref="Variance"/>.</summary>
    /// <param name="variance">Where the variance comes from.</param>
    public DdpmScheduler WithVariance(VarianceType variance) => this with { Variance = variance };

    /// <summary>The same sampler with another <see cref="Clamp"/>.</summary>
    /// <param name="clamp">What keeps x̂_0 in range.</param>
    public DdpmScheduler WithClamp(Clamp clamp) => this with { Clamp = clamp };

    /// <inheritdoc/>
    public override string Name => "Ddpm";

    /// <inheritdoc/>
    public override string DiffusersClass => "DDPMScheduler";

    /// <inheritdoc/>
    public override int Order => 1;

    /// <inheritdoc/>
    public override bool IsStochastic => true;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<DdpmScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions() => SpacedChecks.Clamping(Clamp);

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckTable(NoiseSchedule noise, PredictionType prediction) =>
        SpacedChecks.TerminalSnr(noise, prediction, Spaced(noise));

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var timesteps = Spaced(derivation.Noise);
        var stride = Stride(derivation.Noise);
        return derivation.Table(timesteps.Count, i => Row(
            timesteps[i],
            CustomTimesteps.IsEmpty ? timesteps[i] - stride : i + 1 < timesteps.Count ? timesteps[i + 1] : -1,
            derivation));
    }

    private Step Row(int timestep, int previous, Derivation derivation)
    {
        var curve = derivation.Curve;
        var (alphaBar, previousAlphaBar) = (curve.AlphaBar(timestep), previous >= 0 ? curve.AlphaBar(previous) : 1);
        var level = NoiseLevel.OfAlphaBar(alphaBar);
        var alpha = alphaBar / previousAlphaBar;
        var beta = 1 - alpha;
        var posterior = Max((1 - previousAlphaBar) / (1 - alphaBar) * beta, 1e-20); // β̃ of (7)
        var update = AffineOp.Of(
            Register.X,
            new Term(Register.X0, Sqrt(previousAlphaBar) * beta / (1 - alphaBar)),
            new Term(Register.X, Sqrt(alpha) * (1 - previousAlphaBar) / (1 - alphaBar)));
        var learned = Variance is VarianceType.Learned or VarianceType.LearnedRange;
        var sigma = Variance is VarianceType.FixedLarge or VarianceType.FixedLargeLog ? Sqrt(beta) : Sqrt(posterior);
        return Step.Of(
            timestep,
            previous,
            NoiseLevel.OfAlphaBar(previousAlphaBar),
            [
                EvaluateOp.Single(timestep, level, splitVariance: learned),
                .. derivation.CleanSample(level, Clamp),
                timestep > 0 && !learned ? update.WithNoise(sigma) : update,
                timestep > 0 && learned ? new LearnedNoiseOp(Log(posterior), Log(beta), Variance == VarianceType.LearnedRange) : null,
            ]);
    }
}
