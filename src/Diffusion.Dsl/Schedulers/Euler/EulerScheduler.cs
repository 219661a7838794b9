using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>Euler's method on the probability flow in σ, with optional churn: Karras et al. (2022), arXiv:2206.00364, algorithm 2 without its second order.</summary>
/// <remarks>
/// <para>x = x_0 + σ ε (the clean sample keeps its scale); the network sees x/√(σ² + 1).</para>
/// <para>Churn: γ = min(s_churn/n, √2 − 1) where s_tmin ≤ σ ≤ s_tmax, σ̂ = σ(1 + γ), x̂ = x + s_noise √(σ̂² − σ²) z</para>
/// <para>Eq. (3): d = (x̂ − x̂_0)/σ̂; x ← x̂ + (σ′ − σ̂) d</para>
/// <para>
/// As in diffusers the network has seen x, not x̂. It divides s_churn by the number of levels, which is n but for log_linear interpolation.
/// </para>
/// <para>Parity target: diffusers <c>EulerDiscreteScheduler</c>.</para>
/// </remarks>
public sealed record EulerScheduler : SigmaScheduler<EulerScheduler>
{
    private static readonly SchedulerOption<EulerScheduler>[] OptionList =
    [
        .. SigmaOptions(TimestepSpacing.Linspace),
        SchedulerOption<EulerScheduler>.Word("final", "final_sigmas_type", sampler => sampler.Final, (sampler, final) => sampler.WithFinal(final), FinalSigma.Zero),
        SchedulerOption<EulerScheduler>.Word("interpolation", "interpolation_type", sampler => sampler.Interpolation, (sampler, type) => sampler.WithInterpolation(type), InterpolationType.Linear),
        SchedulerOption<EulerScheduler>.Word("timestepType", "timestep_type", sampler => sampler.TimestepType, (sampler, type) => sampler.WithTimestepType(type), Dsl.TimestepType.Discrete),
        SchedulerOption<EulerScheduler>.Number("sigmaMin", "sigma_min", sampler => sampler.SigmaMin, (sampler, sigma) => sampler.WithSigmaMin(sigma), null),
        SchedulerOption<EulerScheduler>.Number("sigmaMax", "sigma_max", sampler => sampler.SigmaMax, (sampler, sigma) => sampler.WithSigmaMax(sigma), null),
        SchedulerOption<EulerScheduler>.Argument("sChurn", sampler => sampler.SChurn, (sampler, value) => sampler.WithSChurn(value), 0.0),
        SchedulerOption<EulerScheduler>.Argument("sTmin", sampler => sampler.STmin, (sampler, value) => sampler.WithSTmin(value), 0.0),
        SchedulerOption<EulerScheduler>.Argument("sTmax", sampler => sampler.STmax, (sampler, value) => sampler.WithSTmax(value), double.PositiveInfinity),
        SchedulerOption<EulerScheduler>.Argument("sNoise", sampler => sampler.SNoise, (sampler, value) => sampler.WithSNoise(value), 1.0),
    ];

    /// <summary>Where the last step ends; null: as the checkpoint says, else at the clean sample.</summary>
    public FinalSigma? Final { get; init; }

    /// <summary>How the model's levels are read between timesteps; null: as the checkpoint says, else linearly.</summary>
    public InterpolationType? Interpolation { get; init; }

    /// <summary>What the network is told as t; null: as the checkpoint says, else the training timestep.</summary>
    public TimestepType? TimestepType { get; init; }

    /// <summary>The smallest level of a spread such as Karras's; null: as the checkpoint says, else the model's.</summary>
    public double? SigmaMin { get; init; }

    /// <summary>The largest level of a spread; null: as the checkpoint says, else the model's.</summary>
    public double? SigmaMax { get; init; }

    /// <summary>s_churn: how much noise is added over all steps, at least 0.</summary>
    public double SChurn { get; init; }

    /// <summary>s_tmin: below this σ nothing is added.</summary>
    public double STmin { get; init; }

    /// <summary>s_tmax: above this σ nothing is added.</summary>
    public double STmax { get; init; } = double.PositiveInfinity;

    /// <summary>s_noise: the deviation of added noise; slightly above 1 makes up for detail that is lost.</summary>
    public double SNoise { get; init; } = 1;

    /// <summary>The same sampler with another <see cref="Final"/>.</summary>
    /// <param name="final">Where the last step ends; null: as the checkpoint says.</param>
    public EulerScheduler WithFinal(FinalSigma? final) => this with { Final = final };

    /// <summary>The same sampler with another <see cref="Interpolation"/>.</summary>
    /// <param name="interpolation">How the model's levels are read; null: as the checkpoint says.</param>
    public EulerScheduler WithInterpolation(InterpolationType? interpolation) => this with { Interpolation = interpolation };

    /// <summary>The same sampler with another <see cref="TimestepType"/>.</summary>
    /// <param name="timestepType">What the network is told as t; null: as the checkpoint says.</param>
    public EulerScheduler WithTimestepType(TimestepType? timestepType) => this with { TimestepType = timestepType };

    /// <summary>The same sampler with another <see cref="SigmaMin"/>.</summary>
    /// <param name="sigmaMin">Above 0; null: as the checkpoint says.</param>
    public EulerScheduler WithSigmaMin(double? sigmaMin) => this with { SigmaMin = sigmaMin };

    /// <summary>The same sampler with another <see cref="SigmaMax"/>.</summary>
    /// <param name="sigmaMax">Above the smallest; null: as the checkpoint says.</param>
    public EulerScheduler WithSigmaMax(double? sigmaMax) => this with { SigmaMax = sigmaMax };

    /// <summary>The same sampler with another <see cref="SChurn"/>.</summary>
    /// <param name="sChurn">At least 0.</param>
    public EulerScheduler WithSChurn(double sChurn) => this with { SChurn = sChurn };

    /// <summary>The same sampler with another <see cref="STmin"/>.</summary>
    /// <param name="sTmin">At least 0.</param>
    public EulerScheduler WithSTmin(double sTmin) => this with { STmin = sTmin };

    /// <summary>The same sampler with another <see cref="STmax"/>.</summary>
    /// <param name="sTmax">At least <see cref="STmin"/>.</param>
    public EulerScheduler WithSTmax(double sTmax) => this with { STmax = sTmax };

    /// <summary>The same sampler with another <see cref="SNoise"/>.</summary>
    /// <param name="sNoise">At least 0.</param>
    public EulerScheduler WithSNoise(double sNoise) => this with { SNoise = sNoise };

    /// <inheritdoc/>
    public override string Name => "Euler";

    /// <inheritdoc/>
    public override string DiffusersClass => "EulerDiscreteScheduler";

    /// <inheritdoc/>
    public override int Order => 1;

    /// <inheritdoc/>
    public override bool IsStochastic => SChurn > 0;

    /// <inheritdoc/>
    /// <remarks>Continuous timesteps are for v-prediction alone; other networks are told the training timesteps.</remarks>
    public override NoiseLevel LevelAt(NoiseSchedule noise, double timestep) =>
        TimestepType == Dsl.TimestepType.Continuous && !Timesteps(noise).Any(known => Abs(known - timestep) < 1e-3)
            ? WithTimestepType(Dsl.TimestepType.Discrete).LevelAt(noise, timestep)
            : base.LevelAt(noise, timestep);

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<EulerScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions() => base.CheckOptions()
        .Concat(SpacedChecks.AtLeast("s_churn", Name, SChurn, 0, 0))
        .Concat(SpacedChecks.AtLeast("s_noise", Name, SNoise, 0, 1))
        .Concat(SpacedChecks.AtLeast("s_tmax", Name, STmax, STmin, double.PositiveInfinity))
        .Concat(SpacedChecks.AtLeast("sigma_min", Name, SigmaMin, 1e-10, 0.03))
        .Concat(SpacedChecks.AtLeast("sigma_max", Name, SigmaMax, SigmaMin ?? 1e-10, 14.6));

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var ladder = Ladder(derivation);
        return derivation.Table(ladder.Count, i => Row(i, ladder, derivation), InitialNoiseSigma(ladder));
    }

    private SigmaLadder Ladder(Derivation derivation)
    {
        var grid = Grid(derivation.Noise, Final ?? FinalSigma.Zero) with { SigmaMin = SigmaMin, SigmaMax = SigmaMax, Interpolation = Interpolation ?? InterpolationType.Linear };
        var ladder = SigmaLadder.Discrete(derivation.Model, grid);
        return TimestepType == Dsl.TimestepType.Continuous && derivation.Prediction == PredictionType.VPrediction
            ? ladder with { Timesteps = ladder.Sigmas.Take(ladder.Count).Select(sigma => 0.25 * Log(sigma)).ToEquatableArray() }
            : ladder;
    }

    private Step Row(int i, SigmaLadder ladder, Derivation derivation)
    {
        var (sigma, next) = (ladder.Sigmas[i], ladder.Sigmas[i + 1]);
        var levels = Interpolation == InterpolationType.LogLinear && CustomSigmas.IsEmpty && Sigmas is null or ModelSigmas ? (Steps ?? derivation.Noise.TrainTimesteps) + 1 : ladder.Count;
        var gamma = sigma >= STmin && sigma <= STmax ? Min(SChurn / levels, Sqrt(2) - 1) : 0;
        var churned = sigma * (1 + gamma);

        // v is told of σ, not of σ̂; ε is scaled by σ̂.
        var basis = derivation.Basis(NoiseLevel.Exploding(derivation.Prediction == PredictionType.Epsilon ? churned : sigma));
        return Step.Of(
            ladder.Timesteps[i],
            ladder.TimestepAfter(i),
            NoiseLevel.Exploding(next),
            Derivation.Evaluate(ladder.Timesteps[i], sigma),
            SChurn > 0 ? AffineOp.Of(Register.X, new Term(Register.X, 1)).WithNoise(SNoise * Sqrt((churned * churned) - (sigma * sigma))) : null,
            new ConvertOp(basis.P, basis.Q),
            AffineOp.Of(Register.Slope(1), new Term(Register.X, (1 - basis.P) / churned), new Term(Register.M, -basis.Q / churned)),
            AffineOp.Of(Register.X, new Term(Register.X, 1), new Term(Register.Slope(1), next - churned)));
    }
}
