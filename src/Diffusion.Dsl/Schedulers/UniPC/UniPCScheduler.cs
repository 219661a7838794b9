using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>UniPC, a multistep predictor and corrector of any order: Zhao, Bai, Rao, Zhou and Lu (2023), arXiv:2302.04867.</summary>
/// <remarks>
/// <para>
/// α_t, σ_t of the variance-preserving sample, λ = log(α/σ), h = λ_t − λ_s; m_0, m_1 … are the outputs at s and before, of x̂_0 or of ε̂; m_t is that at t.
/// r_j = (λ_j − λ_s)/h places output j on the step: r_0 = 0, r_j below 0 for older ones, and 1 for m_t.
/// </para>
/// <para>
/// Eq. (3), UniP-p and UniC-p: x_t = (σ_t/σ_s) x_s − α_t (e^(−h) − 1) m_0 − α_t B(h) Σ_j ρ_j (m_j − m_0)/r_j, where ρ solves Σ_j ρ_j r_j^(k−1) = b_k (Eq. 5).
/// Solved, it is the exponential Adams method through all the nodes, whatever B is: x_t = (σ_t/σ_s) x_s + α_t h Σ_j W_j m_j with
/// W_j = ∫_0^1 L_j(u) e^(h (u − 1)) du (<see cref="ExponentialAdams"/>); for ε̂: x_t = (α_t/α_s) x_s − σ_t h Σ_j W_j m_j with e^(h (1 − u)).
/// </para>
/// <para>
/// B matters where one ρ is left, which is then ½ (UniP-2 and UniC-1, appendix F): ½ B(h) stands in for the integral of the slope. bh1 is B = h in the paper's
/// signs, so N_1 becomes ½; bh2 is B = e^h − 1, so N_1 becomes ½ N_0.
/// </para>
/// <para>
/// A step is: network at the predicted x, m_t kept, x corrected with it, x predicted from the corrected. As in diffusers m_t stays what it was at the
/// predicted x. Predictor and corrector start from the same x_s with the same factor, so the corrector adds to the predicted x the difference of the two sums.
/// (Where somebody changes x between steps, as inpainting does, that change stays; diffusers, which keeps x_s, undoes it.)
/// </para>
/// <para>
/// The last step to σ = 0 is x̂_0, and thresholding is for x̂_0 alone. Another solver as predictor (<c>solver_p</c>) is not read.
/// </para>
/// <para>Parity target: diffusers <c>UniPCMultistepScheduler</c>.</para>
/// </remarks>
public sealed record UniPCScheduler : SolverScheduler<UniPCScheduler>
{
    private static readonly SchedulerOption<UniPCScheduler>[] OptionList =
    [
        .. SolverOptions(),
        SchedulerOption<UniPCScheduler>.Flag("predictX0", "predict_x0", sampler => sampler.PredictX0, (sampler, predicts) => sampler.WithPredictX0(predicts), true),
        SchedulerOption<UniPCScheduler>.Word("solverType", "solver_type", sampler => sampler.SolverType, (sampler, type) => sampler.WithSolverType(type == Dsl.SolverType.Bh1 ? type : Dsl.SolverType.Bh2), Dsl.SolverType.Bh2),
        SchedulerOption<UniPCScheduler>.Integers("disableCorrector", "disable_corrector", sampler => sampler.DisableCorrector, (sampler, steps) => sampler with { DisableCorrector = steps }),
        SchedulerOption<UniPCScheduler>.Word("final", "final_sigmas_type", sampler => sampler.Final, (sampler, final) => sampler.WithFinal(final), FinalSigma.Zero),
        SchedulerOption<UniPCScheduler>.Unread("solver_p", JsonValue.Null),
    ];

    /// <summary>Whether the outputs are read as x̂_0 (true) or as ε̂; null: as the checkpoint says, else as x̂_0.</summary>
    public bool? PredictX0 { get; init; }

    /// <summary>B(h): bh1 or bh2; null: as the checkpoint says, else bh2.</summary>
    public SolverType? SolverType { get; init; }

    /// <summary>Steps whose result is not corrected, counted from 0; null: as the checkpoint says, else none.</summary>
    public EquatableArray<int>? DisableCorrector { get; init; }

    /// <summary>Where the last step ends; null: as the checkpoint says, else at the clean sample.</summary>
    public FinalSigma? Final { get; init; }

    /// <summary>The same sampler with another <see cref="PredictX0"/>.</summary>
    /// <param name="predictX0">Whether the outputs are read as x̂_0; null: as the checkpoint says.</param>
    public UniPCScheduler WithPredictX0(bool? predictX0) => this with { PredictX0 = predictX0 };

    /// <summary>The same sampler with another <see cref="SolverType"/>.</summary>
    /// <param name="solverType">bh1 or bh2; null: as the checkpoint says.</param>
    public UniPCScheduler WithSolverType(SolverType? solverType) => this with { SolverType = solverType };

    /// <summary>The same sampler without corrections of the given steps.</summary>
    /// <param name="steps">Counted from 0; usually the first few, where guidance is strong. None: all steps are corrected.</param>
    public UniPCScheduler WithDisableCorrector(params int[] steps) => this with { DisableCorrector = steps.ToEquatableArray() };

    /// <summary>The same sampler with another <see cref="Final"/>.</summary>
    /// <param name="final">Where the last step ends; null: as the checkpoint says.</param>
    public UniPCScheduler WithFinal(FinalSigma? final) => this with { Final = final };

    /// <inheritdoc/>
    public override string Name => "UniPC";

    /// <inheritdoc/>
    public override string DiffusersClass => "UniPCMultistepScheduler";

    /// <inheritdoc/>
    /// <remarks>p + 1 with the corrector (arXiv:2302.04867, theorem 3.1), p where it is left out.</remarks>
    public override int Order => DisableCorrector is null or { IsEmpty: true } ? MethodOrder + 1 : MethodOrder;

    /// <inheritdoc/>
    public override int HistoryLength => MethodOrder;

    private bool PredictsNoise => PredictX0 == false;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<UniPCScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOrder() => SpacedChecks.AtLeast("solver_order", Name, SolverOrder, 1, 2);

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var ladder = Ladder(derivation, Final ?? FinalSigma.Zero);
        return derivation.Table(ladder.Count, i => Row(i, ladder, derivation));
    }

    private Step Row(int i, SigmaLadder ladder, Derivation derivation)
    {
        var (level, next) = (NoiseLevel.Preserving(ladder.Sigmas[i]), NoiseLevel.Preserving(ladder.Sigmas[i + 1]));
        var outputs = PredictsNoise ? this with { Clamp = null } : this;
        return Step.Of(
            ladder.Timesteps[i],
            next.Sigma == 0 ? -1 : i + 1 < ladder.Count ? ladder.Timesteps[i + 1] : 0,
            next,
            [
                EvaluateOp.Single(ladder.Timesteps[i], level),
                .. outputs.Remember(derivation, level, PredictsNoise, MethodOrder + 1),
                i > derivation.Start && DisableCorrector?.Contains(i - 1) != true && Length(ladder, i - 1) > 0 ? Correction(i - 1, ladder, derivation) : null,
                next.Sigma == 0 ? ToClean(level, PredictsNoise)
                    : Length(ladder, i) == 0 ? AffineOp.Of(Register.X, new Term(Register.X, 1))
                    : Predict(PredictsNoise ? next.Alpha / level.Alpha : next.Sigma / level.Sigma, Weights(i, ladder, Nodes(ladder, i, OrderAt(i, ladder, derivation)))),
            ]);
    }

    private AffineOp Correction(int i, SigmaLadder ladder, Derivation derivation)
    {
        var nodes = Nodes(ladder, i, OrderAt(i, ladder, derivation));
        return Correct(Weights(i, ladder, nodes), Weights(i, ladder, [1, .. nodes]));
    }

    /// <summary>α_t h W_j, or −σ_t h W_j for ε̂, with the outputs at <paramref name="nodes"/>.</summary>
    private double[] Weights(int i, SigmaLadder ladder, double[] nodes)
    {
        var (to, h) = (NoiseLevel.Preserving(ladder.Sigmas[i + 1]), Length(ladder, i));
        var (rate, factor) = PredictsNoise ? (-h, -to.Sigma * h) : (h, to.Alpha * h);
        double? slope = nodes.Length != 2 ? null : SolverType == Dsl.SolverType.Bh1 ? 0.5 : ExponentialAdams.Moment(rate, 0) / 2;
        return ExponentialAdams.Weights(rate, nodes, slope).Select(weight => factor * weight).ToArray();
    }

    private int OrderAt(int i, SigmaLadder ladder, Derivation derivation) =>
        Min(Min(MethodOrder, i - derivation.Start + 1), LowerOrderFinal ?? true ? ladder.Count - i : MethodOrder);
}
