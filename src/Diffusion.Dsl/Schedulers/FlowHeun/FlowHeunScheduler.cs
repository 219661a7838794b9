using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>Heun's method on a rectified flow (Esser et al. 2024, arXiv:2403.03206), with the churn of Karras et al. (2022), arXiv:2206.00364, algorithm 2.</summary>
/// <remarks>
/// <para>x = (1 − σ) x_0 + σ ε; the network predicts m = ε − x_0, of which x̂_0 = x − σ m; its timestep is T σ, which is not whole.</para>
/// <para>γ = min(s_churn/(2 n − 1), √2 − 1) where s_tmin ≤ σ ≤ s_tmax, σ̂ = σ(1 + γ), x̂ = x + s_noise √(σ̂² − σ²) z</para>
/// <para>d = (σ/σ̂) m; x′ = x̂ + (σ′ − σ̂) d; then m′ at x′, x ← x̂ + (σ′ − σ̂)(½ d + ½ m′), but for the last step, which ends at σ′ = 0.</para>
/// <para>
/// As in diffusers the network has seen x, not x̂; noise is drawn at the second evaluation too, but counts for nothing; and the levels, shifted as
/// σ ← s σ/(1 + (s − 1) σ), lie between ends that have been shifted once before. Churn leaves the flow's marginals, whose clean part shrinks as σ grows.
/// </para>
/// <para>Parity target: diffusers <c>FlowMatchHeunDiscreteScheduler</c>, whose timesteps name the second evaluations as well.</para>
/// </remarks>
public sealed record FlowHeunScheduler : FlowScheduler<FlowHeunScheduler>
{
    private static readonly SchedulerOption<FlowHeunScheduler>[] OptionList =
    [
        ShiftOption(),
        SchedulerOption<FlowHeunScheduler>.Argument("sChurn", sampler => sampler.SChurn, (sampler, value) => sampler.WithSChurn(value), 0.0),
        SchedulerOption<FlowHeunScheduler>.Argument("sTmin", sampler => sampler.STmin, (sampler, value) => sampler.WithSTmin(value), 0.0),
        SchedulerOption<FlowHeunScheduler>.Argument("sTmax", sampler => sampler.STmax, (sampler, value) => sampler.WithSTmax(value), double.PositiveInfinity),
        SchedulerOption<FlowHeunScheduler>.Argument("sNoise", sampler => sampler.SNoise, (sampler, value) => sampler.WithSNoise(value), 1.0),
    ];

    /// <summary>s_churn: how much noise is added over all steps, at least 0.</summary>
    public double SChurn { get; init; }

    /// <summary>s_tmin: below this σ nothing is added.</summary>
    public double STmin { get; init; }

    /// <summary>s_tmax: above this σ nothing is added.</summary>
    public double STmax { get; init; } = double.PositiveInfinity;

    /// <summary>s_noise: the deviation of added noise.</summary>
    public double SNoise { get; init; } = 1;

    /// <summary>The same sampler with another <see cref="SChurn"/>.</summary>
    /// <param name="sChurn">At least 0.</param>
    public FlowHeunScheduler WithSChurn(double sChurn) => this with { SChurn = sChurn };

    /// <summary>The same sampler with another <see cref="STmin"/>.</summary>
    /// <param name="sTmin">At least 0.</param>
    public FlowHeunScheduler WithSTmin(double sTmin) => this with { STmin = sTmin };

    /// <summary>The same sampler with another <see cref="STmax"/>.</summary>
    /// <param name="sTmax">At least <see cref="STmin"/>.</param>
    public FlowHeunScheduler WithSTmax(double sTmax) => this with { STmax = sTmax };

    /// <summary>The same sampler with another <see cref="SNoise"/>.</summary>
    /// <param name="sNoise">At least 0.</param>
    public FlowHeunScheduler WithSNoise(double sNoise) => this with { SNoise = sNoise };

    /// <inheritdoc/>
    public override string Name => "FlowHeun";

    /// <inheritdoc/>
    public override string DiffusersClass => "FlowMatchHeunDiscreteScheduler";

    /// <inheritdoc/>
    public override int Order => 2;

    /// <inheritdoc/>
    public override int EvaluationsPerStep => 2;

    /// <inheritdoc/>
    public override bool IsStochastic => SChurn > 0;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<FlowHeunScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions() => SpacedChecks.AtLeast("s_churn", Name, SChurn, 0, 0)
        .Concat(SpacedChecks.AtLeast("s_noise", Name, SNoise, 0, 1))
        .Concat(SpacedChecks.AtLeast("s_tmax", Name, STmax, STmin, double.PositiveInfinity));

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var ladder = Ladder(Even(derivation.Noise, isShifted: true).Select(Shifted), derivation.Noise);
        return derivation.Table(ladder.Count, i => Row(i, ladder, derivation));
    }

    private Step Row(int i, SigmaLadder ladder, Derivation derivation)
    {
        var (sigma, next) = (ladder.Sigmas[i], ladder.Sigmas[i + 1]);
        var gamma = sigma >= STmin && sigma <= STmax ? Min(SChurn / ((2 * ladder.Count) - 1), Sqrt(2) - 1) : 0;
        var churned = sigma * (1 + gamma);
        var (d, x, y) = (Register.Slope(1), Register.X, Register.Y);
        StepOp?[] first =
        [
            EvaluateOp.Single(ladder.Timesteps[i], Level(sigma)),
            SChurn > 0 ? AffineOp.Of(x, new Term(x, 1)).WithNoise(SNoise * Sqrt((churned * churned) - (sigma * sigma))) : null,
            .. derivation.CleanSample(Level(sigma)),
            AffineOp.Of(d, new Term(Register.M, sigma / churned)),
        ];
        if (i + 1 == ladder.Count)
        {
            return Step.Of(ladder.Timesteps[i], -1, Level(next), [.. first, AffineOp.Of(x, new Term(x, 1), new Term(d, next - churned))]);
        }

        var half = (next - churned) / 2;
        var update = AffineOp.Of(x, new Term(y, 1), new Term(d, half), new Term(Register.M.At(2), half));
        return Step.Of(
            ladder.Timesteps[i],
            ladder.Timesteps[i + 1],
            Level(next),
            [
                .. first,
                AffineOp.Of(y, new Term(x, 1)),
                AffineOp.Of(x, new Term(x, 1), new Term(d, next - churned)),
                EvaluateOp.Single(ladder.Timesteps[i + 1], Level(next), stage: 2),
                .. derivation.CleanSample(Level(next), stage: 2),
                SChurn > 0 ? update.WithNoise(0) : update,
            ]);
    }
}
