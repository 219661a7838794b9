using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>SA-Solver, a stochastic Adams predictor and corrector: Xue et al. (2023), arXiv:2309.05019.</summary>
/// <remarks>
/// <para>
/// α_t, σ_t of the variance-preserving sample, λ = log(α/σ), h = λ_t − λ_s; m_0, m_1 … are the outputs at s and before, m_t is that at t; z ~ N(0, I).
/// τ in the reverse SDE (Eq. 6) is a choice: 0 is the probability flow, 1 the SDE of the forward process. It is <see cref="Tau"/> where the timestep of s lies in
/// [<see cref="TauTmin"/>, <see cref="TauTmax"/>], and 0 elsewhere.
/// </para>
/// <para>
/// x̂_0 (Eq. 13 and 14): x_t = (σ_t/σ_s) e^(−τ² h) x_s + Σ_j b_j m_j + σ_t √(1 − e^(−2τ² h)) z,
/// b_j = (1 + τ²) σ_t e^(−τ² λ_t) ∫_{λ_s}^{λ_t} e^((1 + τ²) λ) L_j(λ) dλ. With λ = λ_s + h u: b_j = (1 + τ²) α_t h W_j,
/// W_j = ∫_0^1 L_j(u) e^((1 + τ²) h (u − 1)) du (<see cref="ExponentialAdams"/>) and nodes (λ_j − λ_s)/h.
/// </para>
/// <para>ε̂ (appendix): x_t = (α_t/α_s) x_s − (1 + τ²) σ_t h Σ_j W_j m_j + τ σ_t √(e^(2h) − 1) z, W_j with e^(h (1 − u)).</para>
/// <para>
/// The predictor reads m_0, m_1 …, the corrector m_t, m_0 …, both with the same x_s and z. For x̂_0 with two nodes the integral of the slope, N_1, is replaced by ½, as
/// in UniPC's bh1; the difference is O(h³).
/// </para>
/// <para>
/// A step is: network at the predicted x, m_t kept, x corrected with it, x predicted from the corrected. As in diffusers m_t stays what it was at the predicted x.
/// What predictor and corrector share, along x_s and z, need not be kept: the corrector adds to the predicted x the difference of the two sums over outputs.
/// </para>
/// <para>
/// The last step ends at the smallest level of training. Parity target: diffusers <c>SASolverScheduler</c>, which cannot do
/// noise_prediction with thresholding, nor a learned variance.
/// </para>
/// </remarks>
public sealed record SASolverScheduler : MultistepScheduler<SASolverScheduler>
{
    private static readonly SchedulerOption<SASolverScheduler>[] OptionList =
    [
        SchedulerOption<SASolverScheduler>.Integer("predictorOrder", "predictor_order", sampler => sampler.PredictorOrder, (sampler, order) => sampler.WithPredictorOrder(order), 2),
        SchedulerOption<SASolverScheduler>.Integer("correctorOrder", "corrector_order", sampler => sampler.CorrectorOrder, (sampler, order) => sampler.WithCorrectorOrder(order), 2),
        SchedulerOption<SASolverScheduler>.Argument("tau", sampler => sampler.Tau, (sampler, value) => sampler.WithTau(value), 1.0),
        SchedulerOption<SASolverScheduler>.Argument("tauTmin", sampler => sampler.TauTmin, (sampler, value) => sampler.WithTauTmin(value), 200.0),
        SchedulerOption<SASolverScheduler>.Argument("tauTmax", sampler => sampler.TauTmax, (sampler, value) => sampler.WithTauTmax(value), 800.0),
        .. MultistepOptions(),
        SchedulerOption<SASolverScheduler>.Word("algorithm", "algorithm_type", sampler => sampler.Algorithm, (sampler, algorithm) => sampler.WithAlgorithm(algorithm == SolverAlgorithm.NoisePrediction ? algorithm : SolverAlgorithm.DataPrediction), SolverAlgorithm.DataPrediction),
        SchedulerOption<SASolverScheduler>.Number("lambdaMinClipped", "lambda_min_clipped", sampler => sampler.LambdaMinClipped, (sampler, lambda) => sampler.WithLambdaMinClipped(lambda), double.NegativeInfinity),
        SchedulerOption<SASolverScheduler>.Word<VarianceType>("variance", "variance_type", sampler => sampler.Variance, (sampler, variance) => sampler.WithVariance(variance), null),
        SchedulerOption<SASolverScheduler>.Unread("tau_func", JsonValue.Null),
    ];

    /// <summary>The order of the predictor, 1 to 4; null: as the checkpoint says, else 2.</summary>
    public int? PredictorOrder { get; init; }

    /// <summary>The order of the corrector, 1 to 4; null: as the checkpoint says, else 2.</summary>
    public int? CorrectorOrder { get; init; }

    /// <summary>τ, at least 0: how much noise goes in and out on the way; 0 is deterministic. diffusers' <c>tau_func</c>, which config files cannot hold.</summary>
    public double Tau { get; init; } = 1;

    /// <summary>Below this timestep τ is 0.</summary>
    public double TauTmin { get; init; } = 200;

    /// <summary>Above this timestep τ is 0.</summary>
    public double TauTmax { get; init; } = 800;

    /// <summary>Which integral is discretised, of data or of noise prediction; null: as the checkpoint says, else of data prediction.</summary>
    public SolverAlgorithm? Algorithm { get; init; }

    /// <summary>Timesteps with λ below this are left out, for the cosine schedule −5.1; null: as the checkpoint says, else none.</summary>
    public double? LambdaMinClipped { get; init; }

    /// <summary>Whether the network's second half of channels is a variance, which is left unread; null: as the checkpoint says, else not.</summary>
    public VarianceType? Variance { get; init; }

    /// <summary>The same sampler with another <see cref="PredictorOrder"/>.</summary>
    /// <param name="predictorOrder">1 to 4; null: as the checkpoint says.</param>
    public SASolverScheduler WithPredictorOrder(int? predictorOrder) => this with { PredictorOrder = predictorOrder };

    /// <summary>The same sampler with another <see cref="CorrectorOrder"/>.</summary>
    /// <param name="correctorOrder">1 to 4; null: as the checkpoint says.</param>
    public SASolverScheduler WithCorrectorOrder(int? correctorOrder) => this with { CorrectorOrder = correctorOrder };

    /// <summary>The same sampler with another <see cref="Tau"/>.</summary>
    /// <param name="tau">At least 0.</param>
    public SASolverScheduler WithTau(double tau) => this with { Tau = tau };

    /// <summary>The same sampler with another <see cref="TauTmin"/>.</summary>
    /// <param name="tauTmin">A timestep; 0: τ holds to the end.</param>
    public SASolverScheduler WithTauTmin(double tauTmin) => this with { TauTmin = tauTmin };

    /// <summary>The same sampler with another <see cref="TauTmax"/>.</summary>
    /// <param name="tauTmax">A timestep; T: τ holds from the start.</param>
    public SASolverScheduler WithTauTmax(double tauTmax) => this with { TauTmax = tauTmax };

    /// <summary>The same sampler with another <see cref="Algorithm"/>.</summary>
    /// <param name="algorithm">Data or noise prediction; null: as the checkpoint says.</param>
    public SASolverScheduler WithAlgorithm(SolverAlgorithm? algorithm) => this with { Algorithm = algorithm };

    /// <summary>The same sampler with another <see cref="LambdaMinClipped"/>.</summary>
    /// <param name="lambdaMinClipped">A λ, or −∞; null: as the checkpoint says.</param>
    public SASolverScheduler WithLambdaMinClipped(double? lambdaMinClipped) => this with { LambdaMinClipped = lambdaMinClipped };

    /// <summary>The same sampler with another <see cref="Variance"/>.</summary>
    /// <param name="variance">Learned or learned range where the network has twice the channels; null: as the checkpoint says.</param>
    public SASolverScheduler WithVariance(VarianceType? variance) => this with { Variance = variance };

    /// <inheritdoc/>
    public override string Name => "SASolver";

    /// <inheritdoc/>
    public override string DiffusersClass => "SASolverScheduler";

    /// <inheritdoc/>
    /// <remarks>That of the corrector, but at most one more than the predictor's.</remarks>
    public override int Order => Min(CorrectorOrder ?? 2, (PredictorOrder ?? 2) + 1);

    /// <inheritdoc/>
    public override int HistoryLength => Depth - 1;

    /// <inheritdoc/>
    public override bool IsStochastic => Tau > 0;

    /// <inheritdoc/>
    /// <remarks>As in diffusers that of the training timestep, which between training timesteps is not quite the sampler's own.</remarks>
    public override NoiseLevel LevelAt(NoiseSchedule noise, double timestep) => NoiseLevel.OfAlphaBar(NoiseCurve.FiniteOf(noise).AlphaBar((int)Round(timestep)));

    private int Depth => Max((PredictorOrder ?? 2) + 1, CorrectorOrder ?? 2);

    private bool PredictsNoise => Algorithm == SolverAlgorithm.NoisePrediction;

    /// <inheritdoc/>
    internal override NoiseKeys NoiseKeys => NoiseKeys.WithoutZeroSnr;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<SASolverScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions() => base.CheckOptions()
        .Concat(SpacedChecks.InRange("predictor_order", Name, PredictorOrder, 1, 4, 2))
        .Concat(SpacedChecks.InRange("corrector_order", Name, CorrectorOrder, 1, 4, 2))
        .Concat(SpacedChecks.AtLeast("tau", Name, Tau, 0, 1));

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var ladder = Ladder(derivation, FinalSigma.SigmaMin, LambdaMinClipped);
        return derivation.Table(ladder.Count, i => Row(i, ladder, derivation.Start, derivation));
    }

    private Step Row(int i, SigmaLadder ladder, int start, Derivation derivation)
    {
        var (level, next) = (NoiseLevel.Preserving(ladder.Sigmas[i]), NoiseLevel.Preserving(ladder.Sigmas[i + 1]));
        var update = next.Sigma == 0 ? ToClean(level, PredictsNoise)
            : Length(ladder, i) == 0 ? AffineOp.Of(Register.X, new Term(Register.X, 1))
            : Predict(Scale(i, ladder, level, next), Predictor(i, ladder, start));
        return Step.Of(
            ladder.Timesteps[i],
            next.Sigma == 0 ? -1 : i + 1 < ladder.Count ? ladder.Timesteps[i + 1] : 0,
            next,
            [
                EvaluateOp.Single(ladder.Timesteps[i], level, splitVariance: Variance is VarianceType.Learned or VarianceType.LearnedRange),
                .. Remember(derivation, level, PredictsNoise, Depth),
                i > start && Length(ladder, i - 1) > 0 ? Correct(Predictor(i - 1, ladder, start), Corrector(i - 1, ladder, start)) : null,

                // diffusers draws in every step, whether τ is 0 there or not.
                IsStochastic ? update.WithNoise(NoiseOf(i, ladder)) : update,
            ]);
    }

    private double Scale(int i, SigmaLadder ladder, NoiseLevel from, NoiseLevel to) =>
        PredictsNoise ? to.Alpha / from.Alpha : to.Sigma / from.Sigma * Exp(-TauOf(i, ladder) * TauOf(i, ladder) * Length(ladder, i));

    /// <summary>Orders grow with the history from <paramref name="start"/> on, and fall where few steps are left.</summary>
    private double[] Predictor(int i, SigmaLadder ladder, int start) =>
        Weights(i, ladder, Nodes(ladder, i, Min(Min(PredictorOrder ?? 2, i - start + 1), StepsLeft(i, ladder))));

    /// <summary>m_t stands at the end of the step, the others as for the predictor.</summary>
    private double[] Corrector(int i, SigmaLadder ladder, int start)
    {
        var order = Min(Min(CorrectorOrder ?? 2, i - start + 2), StepsLeft(i, ladder) + 1);
        return Weights(i, ladder, order == 1 ? [1] : [1, .. Nodes(ladder, i, order - 1)]);
    }

    private int StepsLeft(int i, SigmaLadder ladder) => LowerOrderFinal ?? true ? ladder.Count - i : Depth;

    /// <summary>b_j of the outputs at <paramref name="nodes"/>.</summary>
    private double[] Weights(int i, SigmaLadder ladder, double[] nodes)
    {
        var (to, h) = (NoiseLevel.Preserving(ladder.Sigmas[i + 1]), Length(ladder, i));
        var total = 1 + (TauOf(i, ladder) * TauOf(i, ladder));
        var (weights, factor) = PredictsNoise
            ? (ExponentialAdams.Weights(-h, nodes), -total * to.Sigma * h)
            : (ExponentialAdams.Weights(total * h, nodes, nodes.Length == 2 ? 0.5 : null), total * to.Alpha * h);
        return weights.Select(weight => factor * weight).ToArray();
    }

    /// <summary>The deviation of the noise that the step i adds.</summary>
    private double NoiseOf(int i, SigmaLadder ladder)
    {
        var (tau, to, h) = (TauOf(i, ladder), NoiseLevel.Preserving(ladder.Sigmas[i + 1]), Length(ladder, i));
        return to.Sigma == 0 || h == 0 ? 0
            : PredictsNoise ? tau * to.Sigma * Sqrt(Exp(2 * h) - 1)
            : to.Sigma * Sqrt(1 - Exp(-2 * tau * tau * h));
    }

    private double TauOf(int i, SigmaLadder ladder) => ladder.Timesteps[i] >= TauTmin && ladder.Timesteps[i] <= TauTmax ? Tau : 0;
}
