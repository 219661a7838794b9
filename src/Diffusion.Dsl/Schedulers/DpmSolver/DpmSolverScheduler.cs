using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>DPM-Solver and DPM-Solver++ as multistep methods: Lu et al. (2022), arXiv:2206.00927 and arXiv:2211.01095.</summary>
/// <remarks>
/// <para>
/// α_t, σ_t of the variance-preserving sample, λ = log(α/σ), h = λ_t − λ_s; m_0, m_1, m_2 are the outputs at s and before, of x̂_0 for ++ and of ε̂ for the
/// first DPM-Solver. D_0 = m_0, D_1 and D_2 are divided differences in λ: with r_0 = (λ_s − λ_s1)/h, D_1 = (m_0 − m_1)/r_0 at order 2.
/// </para>
/// <para>++ (2211.01095, Eq. 9 and algorithm 2): x_t = (σ_t/σ_s) x + α_t (1 − e^(−h)) (D_0 + ½ D_1)</para>
/// <para>heun in place of midpoint: ½ (1 − e^(−h)) becomes (e^(−h) − 1)/h + 1; order 3 adds −α_t ((e^(−h) − 1 + h)/h² − ½) D_2.</para>
/// <para>first version (2206.00927, Eq. 3.7 to 3.10): x_t = (α_t/α_s) x − σ_t (e^h − 1)(D_0 + ½ D_1), and likewise.</para>
/// <para>
/// SDE (2211.01095, Eq. 18): x_t = (σ_t/σ_s) e^(−h) x + α_t (1 − e^(−2h)) (D_0 + ½ D_1) + σ_t √(1 − e^(−2h)) z; for ε̂:
/// x_t = (α_t/α_s) x − 2 σ_t (e^h − 1)(D_0 + ½ D_1) + σ_t √(e^(2h) − 1) z.
/// </para>
/// <para>
/// With three outputs the measured order of convergence is still 2: the factor of D_2, half a second derivative, would have to be twice as large for the third.
/// The authors' code and diffusers have it so, and so has this table; the singlestep method of order 3 is of third order.
/// </para>
/// <para>A step to σ = 0 has h = ∞ and is of first order: x_t = x̂_0. Parity target: diffusers <c>DPMSolverMultistepScheduler</c>.</para>
/// </remarks>
public sealed record DpmSolverScheduler : DpmScheduler<DpmSolverScheduler>
{
    private static readonly SchedulerOption<DpmSolverScheduler>[] OptionList =
    [
        .. SolverOptions(lu: true),
        .. DpmOptions(),
        SchedulerOption<DpmSolverScheduler>.Flag("eulerAtFinal", "euler_at_final", sampler => sampler.EulerAtFinal, (sampler, euler) => sampler.WithEulerAtFinal(euler), false),
    ];

    /// <summary>Whether the last step is of first order even where <see cref="MultistepScheduler{TSelf}.LowerOrderFinal"/> would not make it so; null: as the checkpoint says, else no.</summary>
    public bool? EulerAtFinal { get; init; }

    /// <summary>The same sampler with another <see cref="EulerAtFinal"/>.</summary>
    /// <param name="eulerAtFinal">Whether the last step is of first order; null: as the checkpoint says.</param>
    public DpmSolverScheduler WithEulerAtFinal(bool? eulerAtFinal) => this with { EulerAtFinal = eulerAtFinal };

    /// <inheritdoc/>
    public override string Name => "DpmSolver";

    /// <inheritdoc/>
    public override string DiffusersClass => "DPMSolverMultistepScheduler";

    /// <inheritdoc/>
    public override int Order => Min(MethodOrder, 2);

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<DpmSolverScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var ladder = Ladder(derivation);
        return derivation.Table(ladder.Count, i => Row(i, ladder, derivation));
    }

    private Step Row(int i, SigmaLadder ladder, Derivation derivation)
    {
        var (level, next) = (NoiseLevel.Preserving(ladder.Sigmas[i]), NoiseLevel.Preserving(ladder.Sigmas[i + 1]));
        var order = OrderAt(i, derivation.Start, ladder.Count, EulerAtFinal == true || next.Sigma == 0);
        var steps = Enumerable.Range(0, order).Select(age => Lambda(ladder, i + 1 - age) - Lambda(ladder, i - age)).ToArray();
        return Step.Of(
            ladder.Timesteps[i],
            next.Sigma == 0 ? -1 : i + 1 < ladder.Count ? ladder.Timesteps[i + 1] : 0,
            next,
            [
                EvaluateOp.Single(ladder.Timesteps[i], level, splitVariance: SplitsVariance),
                .. Remember(derivation, level, PredictsNoise, MethodOrder),
                Multistep.Update(SolverIntegral.Of(Algorithm, level, next, order, IsMidpoint && order == 2), steps),
            ]);
    }

    private static double Lambda(SigmaLadder ladder, int i) => NoiseLevel.Preserving(ladder.Sigmas[i]).Lambda;
}
