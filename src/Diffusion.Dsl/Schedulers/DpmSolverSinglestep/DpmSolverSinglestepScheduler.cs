using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl;

/// <summary>DPM-Solver and DPM-Solver++ as singlestep methods, which forget everything between steps: Lu et al. (2022), arXiv:2206.00927 and arXiv:2211.01095.</summary>
/// <remarks>
/// <para>
/// A step of order k goes over k levels s_1 > … > s_k to t and evaluates the network at each; what brings x to the next of them is the same method with
/// a lower order, always from the x of s_1. m_1, m_2, m_3 are the outputs, of x̂_0 for ++ and of ε̂ for the first DPM-Solver; h = λ_t − λ_s1 with the t of
/// that order, r_i = (λ_si − λ_s1)/h. The factors of D_0, D_1, D_2 are those of <see cref="DpmSolverScheduler"/>.
/// </para>
/// <para>Order 2 (2206.00927, algorithm 1; 2211.01095, algorithm 1): D_0 = m_1, D_1 = (m_2 − m_1)/r_2</para>
/// <para>Order 3 (2206.00927, algorithm 2): D_0 = m_1, and D_1 = E_3 for midpoint, where E_i = (m_i − m_1)/r_i; for heun</para>
/// <para>D_1 = (r_3 E_2 − r_2 E_3)/(r_3 − r_2), D_2 = 2 (E_3 − E_2)/(r_3 − r_2)</para>
/// <para>
/// n counts evaluations. With lower orders at the end the last full step is cut in two, or what n leaves over becomes a shorter step; they are taken, whatever
/// <see cref="MultistepScheduler{TSelf}.LowerOrderFinal"/> says, where n is no multiple of the order or the last level is 0. A step of order 2 to σ = 0, where
/// diffusers gives no numbers (n = 3 k + 2 at order 3), becomes two of order 1. A run may start within a step, which then is as long as what is left of it.
/// </para>
/// <para>Parity target: diffusers <c>DPMSolverSinglestepScheduler</c>, whose spacing is always linspace: its config does not say another.</para>
/// </remarks>
public sealed record DpmSolverSinglestepScheduler : DpmScheduler<DpmSolverSinglestepScheduler>
{
    private static readonly SchedulerOption<DpmSolverSinglestepScheduler>[] OptionList =
    [
        SchedulerOption<DpmSolverSinglestepScheduler>.Integer("solverOrder", "solver_order", sampler => sampler.SolverOrder, (sampler, order) => sampler.WithSolverOrder(order), 2),
        SchedulerOption<DpmSolverSinglestepScheduler>.Argument("timesteps", sampler => sampler.CustomTimesteps, (sampler, value) => sampler.WithCustomTimesteps([.. value]), default(EquatableArray<int>)),
        SchedulerOption<DpmSolverSinglestepScheduler>.Argument("spacing", sampler => sampler.Spacing, (sampler, value) => sampler.WithSpacing(value), TimestepSpacing.Linspace),
        SchedulerOption<DpmSolverSinglestepScheduler>.Argument("stepsOffset", sampler => sampler.StepsOffset, (sampler, value) => sampler.WithStepsOffset(value), 0),
        SchedulerOption<DpmSolverSinglestepScheduler>.Argument("customSigmas", sampler => sampler.CustomSigmas, (sampler, value) => sampler.WithCustomSigmas([.. value]), default(EquatableArray<double>)),
        SchedulerOption<DpmSolverSinglestepScheduler>.Sigmas(sampler => sampler.Sigmas, (sampler, sigmas) => sampler.WithSigmas(sigmas)),
        SchedulerOption<DpmSolverSinglestepScheduler>.Clamp(sampler => sampler.Clamp, (sampler, clamp) => sampler.WithClamp(clamp), Clamp.None, clips: false),
        SchedulerOption<DpmSolverSinglestepScheduler>.Flag("lowerOrderFinal", "lower_order_final", sampler => sampler.LowerOrderFinal, (sampler, lower) => sampler.WithLowerOrderFinal(lower), false),
        .. DpmOptions(),
    ];

    /// <inheritdoc/>
    public override string Name => "DpmSolverSinglestep";

    /// <inheritdoc/>
    public override string DiffusersClass => "DPMSolverSinglestepScheduler";

    /// <inheritdoc/>
    public override int EvaluationsPerStep => MethodOrder;

    /// <inheritdoc/>
    public override int HistoryLength => 0;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Starts(NoiseSchedule noise) => Enumerable.Range(0, Derive(noise, PredictionType.VPrediction).Evaluations.Count()).ToArray();

    /// <inheritdoc/>
    internal override NoiseKeys NoiseKeys => NoiseKeys.WithoutZeroSnr;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<DpmSolverSinglestepScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions() => Algorithm == SolverAlgorithm.SdeDpmSolver
        ? base.CheckOptions().Append(Rules.OptionsExclude.Found("algorithm: " + Names.Of(Algorithm.Value), Name, "along the SDE it integrates x0 alone, with " + Names.Of(SolverAlgorithm.SdeDpmSolverPlusPlus)))
        : base.CheckOptions();

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var ladder = Ladder(derivation);
        var rows = new List<Step>();
        var first = 0;
        foreach (var order in Orders(ladder))
        {
            var next = first + order;
            if (next > derivation.Start)
            {
                rows.Add(Row(System.Math.Max(first, derivation.Start), next, ladder, derivation));
            }

            first = next;
        }

        return new StepTable(rows);
    }

    /// <summary>The order of each step; they add up to n.</summary>
    private IEnumerable<int> Orders(SigmaLadder ladder)
    {
        var (count, endsClean) = (ladder.Count, ladder.Sigmas[ladder.Count] == 0);
        var (full, rest) = (count / MethodOrder, count % MethodOrder);
        var isLowered = rest == 0 && MethodOrder > 1 && (LowerOrderFinal == true || endsClean);
        return Enumerable.Repeat(MethodOrder, isLowered ? full - 1 : full).Concat(
            isLowered ? [MethodOrder - 1, 1]
            : rest == 2 && endsClean ? [1, 1]
            : rest > 0 ? [rest]
            : []);
    }

    private Step Row(int first, int next, SigmaLadder ladder, Derivation derivation)
    {
        var levels = Enumerable.Range(first, next - first + 1).Select(i => NoiseLevel.Preserving(ladder.Sigmas[i])).ToArray();
        var ops = Enumerable.Range(1, next - first).SelectMany(stage => Stage(stage, ladder.Timesteps[first + stage - 1], levels, derivation));
        return Step.Of(
            ladder.Timesteps[first],
            ladder.Sigmas[next] == 0 ? -1 : next < ladder.Count ? ladder.Timesteps[next] : 0,
            levels[levels.Length - 1],
            ops.ToArray());
    }

    private IEnumerable<StepOp> Stage(int stage, double timestep, NoiseLevel[] levels, Derivation derivation)
    {
        var isOnly = levels.Length == 2;
        yield return EvaluateOp.Single(timestep, levels[stage - 1], stage: stage, splitVariance: SplitsVariance);
        foreach (var op in derivation.CleanSample(levels[stage - 1], Clamp, stage))
        {
            yield return op;
        }

        if (PredictsNoise)
        {
            yield return derivation.PredictedNoise(Output(stage), levels[stage - 1], Clamp, stage);
        }

        if (stage == 1 && !isOnly)
        {
            yield return AffineOp.Of(Register.Y, new Term(Register.X, 1));
        }

        yield return Update(stage, levels, isOnly ? Register.X : Register.Y);
    }

    /// <summary>x ← the solution at the level after <paramref name="order"/> evaluations, from the x at the first.</summary>
    private AffineOp Update(int order, NoiseLevel[] levels, Register start)
    {
        var differences = order == 3 && IsMidpoint ? 2 : order;
        var integral = SolverIntegral.Of(Algorithm, levels[0], levels[order], differences, IsMidpoint && order == 2);
        var h = levels[order].Lambda - levels[0].Lambda;
        var ratios = levels.Take(order).Select(level => h == 0 ? 0 : (level.Lambda - levels[0].Lambda) / h).ToArray();

        // The factors of E_2 and E_3; levels that repeat tell nothing of a slope.
        var slopes = new double[order];
        if (differences == 3 && ratios[2] != ratios[1])
        {
            slopes[1] = ((integral.Differences[1] * ratios[2]) - (2 * integral.Differences[2])) / (ratios[2] - ratios[1]);
            slopes[2] = ((2 * integral.Differences[2]) - (integral.Differences[1] * ratios[1])) / (ratios[2] - ratios[1]);
        }
        else if (order > 1)
        {
            slopes[order - 1] = integral.Differences[1];
        }

        var factors = slopes.Select((slope, i) => ratios[i] == 0 ? 0 : slope / ratios[i]).ToArray();
        factors[0] = integral.Differences[0] - factors.Sum();
        var read = Enumerable.Range(1, order).Where(stage => stage == 1 || stage == order || differences == 3);
        var update = AffineOp.Of(Register.X, [new Term(start, integral.Scale), .. read.Select(stage => new Term(Output(stage), factors[stage - 1]))]);
        return integral.Noise is { } noise ? update.WithNoise(noise) : update;
    }

    private Register Output(int stage) => PredictsNoise ? Register.Slope(stage) : Register.X0.At(stage);
}
