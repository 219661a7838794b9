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
/// <para>A step to σ = 0 has h = ∞ and is of first order: x_t = x̂_0. Parity target: diffusers <c>DPMSolverMultistepScheduler</c>.</para>
/// </remarks>
public sealed record DpmSolverScheduler : SolverScheduler<DpmSolverScheduler>
{
    private static readonly SchedulerOption<DpmSolverScheduler>[] OptionList =
    [
        .. SolverOptions(),
        SchedulerOption<DpmSolverScheduler>.Word("algorithm", "algorithm_type", sampler => sampler.Algorithm, (sampler, algorithm) => sampler.WithAlgorithm(algorithm >= SolverAlgorithm.Deis ? SolverAlgorithm.DpmSolverPlusPlus : algorithm), SolverAlgorithm.DpmSolverPlusPlus),
        SchedulerOption<DpmSolverScheduler>.Word("solverType", "solver_type", sampler => sampler.SolverType, (sampler, type) => sampler.WithSolverType(type == Dsl.SolverType.Heun ? type : Dsl.SolverType.Midpoint), Dsl.SolverType.Midpoint),
        SchedulerOption<DpmSolverScheduler>.Word("final", "final_sigmas_type", sampler => sampler.Final, (sampler, final) => sampler.WithFinal(final), FinalSigma.Zero),
        SchedulerOption<DpmSolverScheduler>.Flag("eulerAtFinal", "euler_at_final", sampler => sampler.EulerAtFinal, (sampler, euler) => sampler.WithEulerAtFinal(euler), false),
        SchedulerOption<DpmSolverScheduler>.Number("lambdaMinClipped", "lambda_min_clipped", sampler => sampler.LambdaMinClipped, (sampler, lambda) => sampler.WithLambdaMinClipped(lambda), double.NegativeInfinity),
        SchedulerOption<DpmSolverScheduler>.Word<VarianceType>("variance", "variance_type", sampler => sampler.Variance, (sampler, variance) => sampler.WithVariance(variance), null),
    ];

    /// <summary>Which integral is discretised; null: as the checkpoint says, else DPM-Solver++.</summary>
    public SolverAlgorithm? Algorithm { get; init; }

    /// <summary>Midpoint or heun; null: as the checkpoint says, else midpoint.</summary>
    public SolverType? SolverType { get; init; }

    /// <summary>Where the last step ends; null: as the checkpoint says, else at the clean sample.</summary>
    public FinalSigma? Final { get; init; }

    /// <summary>Whether the last step is of first order even where <see cref="MultistepScheduler{TSelf}.LowerOrderFinal"/> would not make it so; null: as the checkpoint says, else no.</summary>
    public bool? EulerAtFinal { get; init; }

    /// <summary>Timesteps with λ below this are left out, for the cosine schedule −5.1; null: as the checkpoint says, else none.</summary>
    public double? LambdaMinClipped { get; init; }

    /// <summary>Whether the network's second half of channels is a variance, which is left unread; null: as the checkpoint says, else not.</summary>
    public VarianceType? Variance { get; init; }

    /// <summary>The same sampler with another <see cref="Algorithm"/>.</summary>
    /// <param name="algorithm">Which integral is discretised; null: as the checkpoint says.</param>
    public DpmSolverScheduler WithAlgorithm(SolverAlgorithm? algorithm) => this with { Algorithm = algorithm };

    /// <summary>The same sampler with another <see cref="SolverType"/>.</summary>
    /// <param name="solverType">Midpoint or heun; null: as the checkpoint says.</param>
    public DpmSolverScheduler WithSolverType(SolverType? solverType) => this with { SolverType = solverType };

    /// <summary>The same sampler with another <see cref="Final"/>.</summary>
    /// <param name="final">Where the last step ends; null: as the checkpoint says.</param>
    public DpmSolverScheduler WithFinal(FinalSigma? final) => this with { Final = final };

    /// <summary>The same sampler with another <see cref="EulerAtFinal"/>.</summary>
    /// <param name="eulerAtFinal">Whether the last step is of first order; null: as the checkpoint says.</param>
    public DpmSolverScheduler WithEulerAtFinal(bool? eulerAtFinal) => this with { EulerAtFinal = eulerAtFinal };

    /// <summary>The same sampler with another <see cref="LambdaMinClipped"/>.</summary>
    /// <param name="lambdaMinClipped">A λ, or −∞; null: as the checkpoint says.</param>
    public DpmSolverScheduler WithLambdaMinClipped(double? lambdaMinClipped) => this with { LambdaMinClipped = lambdaMinClipped };

    /// <summary>The same sampler with another <see cref="Variance"/>.</summary>
    /// <param name="variance">Learned or learned range where the network has twice the channels; null: as the checkpoint says.</param>
    public DpmSolverScheduler WithVariance(VarianceType? variance) => this with { Variance = variance };

    /// <inheritdoc/>
    public override string Name => "DpmSolver";

    /// <inheritdoc/>
    public override string DiffusersClass => "DPMSolverMultistepScheduler";

    /// <inheritdoc/>
    public override bool IsStochastic => Algorithm is SolverAlgorithm.SdeDpmSolver or SolverAlgorithm.SdeDpmSolverPlusPlus;

    private bool PredictsNoise => Algorithm is SolverAlgorithm.DpmSolver or SolverAlgorithm.SdeDpmSolver;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<DpmSolverScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions()
    {
        var findings = base.CheckOptions();
        if (PredictsNoise && (Final ?? FinalSigma.Zero) == FinalSigma.Zero && CustomSigmas.IsEmpty)
        {
            findings = findings.Append(Rules.OptionsExclude.Found("final: zero", "algorithm: " + Names.Of(Algorithm!.Value), "the integral of the noise ends at sigma_min"));
        }

        return IsStochastic && Order > 2
            ? findings.Append(Rules.OptionOutOfRange.Found("solver_order", Name + " with " + Names.Of(Algorithm!.Value), Order, "1 or 2", 2))
            : findings;
    }

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var grid = Grid(derivation.Noise, Final ?? FinalSigma.Zero) with { LambdaMin = LambdaMinClipped ?? double.NegativeInfinity };
        var ladder = SigmaLadder.Solver(derivation.Model, grid, derivation.Noise.TrainTimesteps);
        return derivation.Table(ladder.Count, i => Row(i, ladder, derivation));
    }

    private Step Row(int i, SigmaLadder ladder, Derivation derivation)
    {
        var (level, next) = (NoiseLevel.Preserving(ladder.Sigmas[i]), NoiseLevel.Preserving(ladder.Sigmas[i + 1]));
        var order = OrderAt(i, derivation.Start, ladder.Count, EulerAtFinal == true || next.Sigma == 0);
        var update = Update(level, next, Enumerable.Range(0, order).Select(age => Lambda(ladder, i + 1 - age) - Lambda(ladder, i - age)).ToArray());
        var splits = Variance is VarianceType.Learned or VarianceType.LearnedRange;
        return Step.Of(
            ladder.Timesteps[i],
            next.Sigma == 0 ? -1 : i + 1 < ladder.Count ? ladder.Timesteps[i + 1] : 0,
            next,
            [
                EvaluateOp.Single(ladder.Timesteps[i], level, splitVariance: splits),
                .. Remember(derivation, level, PredictsNoise, Order),
                update,
            ]);
    }

    private AffineOp Update(NoiseLevel from, NoiseLevel to, double[] steps)
    {
        var h = steps[0];
        var isMidpoint = SolverType != Dsl.SolverType.Heun && steps.Length == 2;
        switch (Algorithm)
        {
            case SolverAlgorithm.DpmSolver:
            {
                var e = Exp(h) - 1;
                double[] differences = [-to.Sigma * e, -to.Sigma * (isMidpoint ? e / 2 : (e / h) - 1), -to.Sigma * (((e - h) / (h * h)) - 0.5)];
                return Update(to.Alpha / from.Alpha, differences.Take(steps.Length).ToArray(), steps);
            }

            case SolverAlgorithm.SdeDpmSolver:
            {
                var e = Exp(h) - 1;
                double[] differences = [-2 * to.Sigma * e, -2 * to.Sigma * (isMidpoint ? e / 2 : (e / h) - 1)];
                return Update(to.Alpha / from.Alpha, differences.Take(steps.Length).ToArray(), steps).WithNoise(to.Sigma * Sqrt(Exp(2 * h) - 1));
            }

            case SolverAlgorithm.SdeDpmSolverPlusPlus:
            {
                var e = 1 - Exp(-2 * h);
                double[] differences = [to.Alpha * e, to.Alpha * (isMidpoint ? e / 2 : 1 - (e / (2 * h)))];
                return Update(to.Sigma / from.Sigma * Exp(-h), differences.Take(steps.Length).ToArray(), steps).WithNoise(to.Sigma * Sqrt(e));
            }

            default:
            {
                var e = Exp(-h) - 1;
                double[] differences = [-to.Alpha * e, to.Alpha * (isMidpoint ? -e / 2 : (e / h) + 1), -to.Alpha * (((e + h) / (h * h)) - 0.5)];
                return Update(to.Sigma / from.Sigma, differences.Take(steps.Length).ToArray(), steps);
            }
        }
    }

    private static double Lambda(SigmaLadder ladder, int i) => NoiseLevel.Preserving(ladder.Sigmas[i]).Lambda;
}
