using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl;

/// <summary>DEIS as a multistep method with polynomials in log ρ (tAB-DEIS): Zhang and Chen (2022), arXiv:2204.13902.</summary>
/// <remarks>
/// <para>
/// α_t, σ_t of the variance-preserving sample, ρ = σ/α, λ = −log ρ, h = λ_t − λ_s; ε_0, ε_1, ε_2 are the predicted noises at s and before, where
/// ρ is ρ_0 = ρ_s, ρ_1, ρ_2.
/// </para>
/// <para>Proposition 3 and Eq. (15): x_t = α_t (x/α_s + Σ_j C_j ε_j), C_j = ∫_{ρ_s}^{ρ_t} L_j(log ρ) dρ, L_j the Lagrange polynomials of log ρ_0, log ρ_1 …</para>
/// <para>
/// log ρ = log ρ_s − h u turns the integral into C_j = −h ρ_s ∫_0^1 L_j(u) e^(−h u) du with nodes (λ_j − λ_s)/h, and α_t ρ_s e^(−h) = σ_t gives
/// x_t = (α_t/α_s) x − σ_t h Σ_j W_j ε_j with W_j = ∫_0^1 L_j(u) e^(h (1 − u)) du (<see cref="ExponentialAdams"/>).
/// </para>
/// <para>At order 1 it is DDIM. The last step ends at the smallest level of training. Parity target: diffusers <c>DEISMultistepScheduler</c>.</para>
/// </remarks>
public sealed record DeisScheduler : SolverScheduler<DeisScheduler>
{
    // diffusers has one algorithm and one solver type here, whatever the config says, and names them in the config.
    private static readonly SchedulerOption<DeisScheduler>[] OptionList =
    [
        .. SolverOptions(),
        SchedulerOption<DeisScheduler>.Word<SolverAlgorithm>("algorithm", "algorithm_type", _ => SolverAlgorithm.Deis, (sampler, _) => sampler, SolverAlgorithm.Deis),
        SchedulerOption<DeisScheduler>.Word<SolverType>("solverType", "solver_type", _ => SolverType.LogRho, (sampler, _) => sampler, SolverType.LogRho),
    ];

    /// <inheritdoc/>
    public override string Name => "Deis";

    /// <inheritdoc/>
    public override string DiffusersClass => "DEISMultistepScheduler";

    /// <inheritdoc/>
    internal override NoiseKeys NoiseKeys => NoiseKeys.WithoutZeroSnr;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<DeisScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var ladder = Ladder(derivation, FinalSigma.SigmaMin);
        return derivation.Table(ladder.Count, i => Row(i, ladder, derivation));
    }

    private Step Row(int i, SigmaLadder ladder, Derivation derivation)
    {
        var (level, next) = (NoiseLevel.Preserving(ladder.Sigmas[i]), NoiseLevel.Preserving(ladder.Sigmas[i + 1]));
        return Step.Of(
            ladder.Timesteps[i],
            next.Sigma == 0 ? -1 : i + 1 < ladder.Count ? ladder.Timesteps[i + 1] : 0,
            next,
            [
                EvaluateOp.Single(ladder.Timesteps[i], level),
                .. Remember(derivation, level, predictsNoise: true, MethodOrder),
                next.Sigma == 0 ? ToClean(level, predictsNoise: true) : Update(i, ladder, derivation),
            ]);
    }

    private AffineOp Update(int i, SigmaLadder ladder, Derivation derivation)
    {
        var (from, to, h) = (NoiseLevel.Preserving(ladder.Sigmas[i]), NoiseLevel.Preserving(ladder.Sigmas[i + 1]), Length(ladder, i));
        if (h == 0)
        {
            return AffineOp.Of(Register.X, new Term(Register.X, 1));
        }

        // ε_0 in terms of x and m: at the noisy end, where α is small, x and ε_0 nearly cancel, which float32 would not survive.
        var weights = ExponentialAdams.Weights(-h, Nodes(ladder, i, OrderAt(i, derivation.Start, ladder.Count, false))).Select(weight => -to.Sigma * h * weight).ToArray();
        var newest = Output(derivation, from, predictsNoise: true, weights[0]);
        return AffineOp.Of(
            Register.X,
            [
                new Term(Register.X, (to.Alpha / from.Alpha) + newest[0].Coefficient),
                newest[1],
                .. weights.Skip(1).Select((weight, age) => new Term(Register.History(age + 2), weight)),
            ]);
    }
}
