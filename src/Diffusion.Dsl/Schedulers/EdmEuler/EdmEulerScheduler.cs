using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>Euler's method with churn on a preconditioned network: Karras et al. (2022), arXiv:2206.00364, algorithm 2 without its second order.</summary>
/// <remarks>
/// <para>Churn: γ = min(s_churn/n, √2 − 1) where s_tmin ≤ σ ≤ s_tmax, σ̂ = σ(1 + γ), x̂ = x + s_noise √(σ̂² − σ²) z</para>
/// <para>Eq. (3): d = (x̂ − x̂_0)/σ̂; x ← x̂ + (σ′ − σ̂) d</para>
/// <para>As in diffusers the network has seen x at σ, not x̂; c_skip and c_out are those of σ̂.</para>
/// <para>Parity target: diffusers <c>EDMEulerScheduler</c>.</para>
/// </remarks>
public sealed record EdmEulerScheduler : EdmScheduler<EdmEulerScheduler>
{
    private static readonly SchedulerOption<EdmEulerScheduler>[] OptionList =
    [
        .. EdmOptions(),
        SchedulerOption<EdmEulerScheduler>.Argument("sChurn", sampler => sampler.SChurn, (sampler, value) => sampler.WithSChurn(value), 0.0),
        SchedulerOption<EdmEulerScheduler>.Argument("sTmin", sampler => sampler.STmin, (sampler, value) => sampler.WithSTmin(value), 0.0),
        SchedulerOption<EdmEulerScheduler>.Argument("sTmax", sampler => sampler.STmax, (sampler, value) => sampler.WithSTmax(value), double.PositiveInfinity),
        SchedulerOption<EdmEulerScheduler>.Argument("sNoise", sampler => sampler.SNoise, (sampler, value) => sampler.WithSNoise(value), 1.0),
    ];

    /// <summary>s_churn: how much noise is added over all steps, at least 0.</summary>
    public double SChurn { get; init; }

    /// <summary>s_tmin: below this σ nothing is added.</summary>
    public double STmin { get; init; }

    /// <summary>s_tmax: above this σ nothing is added.</summary>
    public double STmax { get; init; } = double.PositiveInfinity;

    /// <summary>s_noise: the deviation of added noise; slightly above 1 makes up for detail that is lost.</summary>
    public double SNoise { get; init; } = 1;

    /// <summary>The same sampler with another <see cref="SChurn"/>.</summary>
    /// <param name="sChurn">At least 0.</param>
    public EdmEulerScheduler WithSChurn(double sChurn) => this with { SChurn = sChurn };

    /// <summary>The same sampler with another <see cref="STmin"/>.</summary>
    /// <param name="sTmin">At least 0.</param>
    public EdmEulerScheduler WithSTmin(double sTmin) => this with { STmin = sTmin };

    /// <summary>The same sampler with another <see cref="STmax"/>.</summary>
    /// <param name="sTmax">At least <see cref="STmin"/>.</param>
    public EdmEulerScheduler WithSTmax(double sTmax) => this with { STmax = sTmax };

    /// <summary>The same sampler with another <see cref="SNoise"/>.</summary>
    /// <param name="sNoise">At least 0.</param>
    public EdmEulerScheduler WithSNoise(double sNoise) => this with { SNoise = sNoise };

    /// <inheritdoc/>
    public override string Name => "EdmEuler";

    /// <inheritdoc/>
    public override string DiffusersClass => "EDMEulerScheduler";

    /// <inheritdoc/>
    public override int Order => 1;

    /// <inheritdoc/>
    public override bool IsStochastic => SChurn > 0;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<EdmEulerScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions() => SpacedChecks.AtLeast("s_churn", Name, SChurn, 0, 0)
        .Concat(SpacedChecks.AtLeast("s_noise", Name, SNoise, 0, 1))
        .Concat(SpacedChecks.AtLeast("s_tmax", Name, STmax, STmin, double.PositiveInfinity));

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var ladder = Ladder(derivation, FinalSigma.Zero);
        return derivation.Table(ladder.Count, i => Between(ladder, i, Ops(i, ladder, derivation)), InitialNoiseSigma);
    }

    private IEnumerable<StepOp> Ops(int i, SigmaLadder ladder, Derivation derivation)
    {
        var (sigma, next) = (ladder.Sigmas[i], ladder.Sigmas[i + 1]);
        var gamma = sigma >= STmin && sigma <= STmax ? Min(SChurn / ladder.Count, Sqrt(2) - 1) : 0;
        var churned = sigma * (1 + gamma);
        var basis = Basis(derivation, churned);
        yield return Evaluate(ladder, i);
        if (SChurn > 0)
        {
            yield return AffineOp.Of(Register.X, new Term(Register.X, 1)).WithNoise(SNoise * Sqrt((churned * churned) - (sigma * sigma)));
        }

        yield return new ConvertOp(basis.P, basis.Q);
        yield return AffineOp.Of(Register.Slope(1), new Term(Register.X, basis.R), new Term(Register.M, basis.S));
        yield return AffineOp.Of(Register.X, new Term(Register.X, 1), new Term(Register.Slope(1), next - churned));
    }
}
