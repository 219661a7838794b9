using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl;

/// <summary>A multistep solver of the probability flow or its SDE in half log signal-to-noise ratio λ, on variance-preserving samples.</summary>
/// <typeparam name="TSelf">The sampler itself.</typeparam>
public abstract record SolverScheduler<TSelf> : SigmaScheduler<TSelf>
    where TSelf : SolverScheduler<TSelf>
{
    private protected SolverScheduler()
    {
    }

    /// <summary>The order of the steady state, 1 to 3; null: as the checkpoint says, else 2.</summary>
    public int? SolverOrder { get; init; }

    /// <summary>What keeps x̂_0 in range: nothing or dynamic thresholding; null: as the checkpoint says, else nothing.</summary>
    public Clamp? Clamp { get; init; }

    /// <summary>Whether the last steps take lower orders where there are fewer than 15 steps; null: as the checkpoint says, else yes.</summary>
    public bool? LowerOrderFinal { get; init; }

    /// <summary>The same sampler with another <see cref="SolverOrder"/>.</summary>
    /// <param name="solverOrder">1 to 3; null: as the checkpoint says.</param>
    public TSelf WithSolverOrder(int? solverOrder) => Self(this with { SolverOrder = solverOrder });

    /// <summary>The same sampler with another <see cref="Clamp"/>.</summary>
    /// <param name="clamp">Nothing or dynamic thresholding; null: as the checkpoint says.</param>
    public TSelf WithClamp(Clamp? clamp) => Self(this with { Clamp = clamp });

    /// <summary>The same sampler with another <see cref="LowerOrderFinal"/>.</summary>
    /// <param name="lowerOrderFinal">Whether the last steps take lower orders; null: as the checkpoint says.</param>
    public TSelf WithLowerOrderFinal(bool? lowerOrderFinal) => Self(this with { LowerOrderFinal = lowerOrderFinal });

    /// <inheritdoc/>
    public sealed override int Order => SolverOrder ?? 2;

    /// <inheritdoc/>
    public override int HistoryLength => Order - 1;

    /// <summary>The options that every such sampler has.</summary>
    private protected static IEnumerable<SchedulerOption<TSelf>> SolverOptions() =>
    [
        SchedulerOption<TSelf>.Integer("solverOrder", "solver_order", sampler => sampler.SolverOrder, (sampler, order) => sampler.WithSolverOrder(order), 2),
        .. SigmaOptions(TimestepSpacing.Linspace),
        SchedulerOption<TSelf>.Clamp(sampler => sampler.Clamp, (sampler, clamp) => sampler.WithClamp(clamp), Clamp.None, clips: false),
        SchedulerOption<TSelf>.Flag("lowerOrderFinal", "lower_order_final", sampler => sampler.LowerOrderFinal, (sampler, lower) => sampler.WithLowerOrderFinal(lower), true),
    ];

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions()
    {
        var findings = base.CheckOptions()
            .Concat(SpacedChecks.InRange("solver_order", Name, SolverOrder, 1, 3, 2))
            .Concat(SpacedChecks.Clamping(Clamp));
        return Clamp is RangeClamp ? findings.Append(Rules.OptionsExclude.Found("clamp: " + Clamp, Name, "it keeps x0 in range by dynamic thresholding or not at all")) : findings;
    }

    /// <summary>How many outputs a step may read: fewer while the history grows, and at the end.</summary>
    /// <param name="i">The step.</param>
    /// <param name="start">The first step.</param>
    /// <param name="count">The number of steps.</param>
    /// <param name="firstOrderAtEnd">Whether the last step is of first order whatever <see cref="LowerOrderFinal"/> says.</param>
    private protected int OrderAt(int i, int start, int count, bool firstOrderAtEnd) =>
        Multistep.OrderAt(Order, i, start, count, LowerOrderFinal ?? true, firstOrderAtEnd);

    /// <summary>h_d ← … ← h_1, then h_1 ← x̂_0 or ε̂ of this step.</summary>
    /// <param name="derivation">What the table is derived from.</param>
    /// <param name="level">How noisy x is.</param>
    /// <param name="predictsNoise">Whether the history holds ε̂ instead of x̂_0.</param>
    /// <param name="depth">How many outputs are kept.</param>
    private protected IEnumerable<StepOp> Remember(Derivation derivation, NoiseLevel level, bool predictsNoise, int depth)
    {
        foreach (var op in derivation.CleanSample(level, Clamp))
        {
            yield return op;
        }

        if (depth > 1)
        {
            yield return new ShiftOp(depth);
        }

        yield return predictsNoise
            ? derivation.PredictedNoise(Register.History(1), level, Clamp)
            : AffineOp.Of(Register.History(1), new Term(Register.X0, 1));
    }

    /// <summary>What a step does to x: scale·x + d0·D_0 + d1·D_1 + d2·D_2 in terms of the history, with divided differences as in arXiv:2211.01095.</summary>
    /// <param name="scale">The factor of x.</param>
    /// <param name="differences">The factors of D_0, D_1, D_2; as many as the step's order.</param>
    /// <param name="steps">h of this step, then h of the earlier ones: λ_t − λ_s0, λ_s0 − λ_s1, λ_s1 − λ_s2.</param>
    private protected static AffineOp Update(double scale, double[] differences, double[] steps) => Multistep.Update(scale, differences, steps);
}
