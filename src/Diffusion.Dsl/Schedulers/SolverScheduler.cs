using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl;

/// <summary>A multistep solver with one order for all its steps but the first and the last.</summary>
/// <typeparam name="TSelf">The sampler itself.</typeparam>
public abstract record SolverScheduler<TSelf> : MultistepScheduler<TSelf>
    where TSelf : SolverScheduler<TSelf>
{
    private protected SolverScheduler()
    {
    }

    /// <summary>The order of the steady state, 1 to 3; null: as the checkpoint says, else 2.</summary>
    public int? SolverOrder { get; init; }

    /// <summary>The same sampler with another <see cref="SolverOrder"/>.</summary>
    /// <param name="solverOrder">1 to 3; null: as the checkpoint says.</param>
    public TSelf WithSolverOrder(int? solverOrder) => Self(this with { SolverOrder = solverOrder });

    /// <inheritdoc/>
    public sealed override int Order => SolverOrder ?? 2;

    /// <inheritdoc/>
    public override int HistoryLength => Order - 1;

    /// <summary>The options that every such sampler has.</summary>
    private protected static IEnumerable<SchedulerOption<TSelf>> SolverOptions() =>
    [
        SchedulerOption<TSelf>.Integer("solverOrder", "solver_order", sampler => sampler.SolverOrder, (sampler, order) => sampler.WithSolverOrder(order), 2),
        .. MultistepOptions(),
    ];

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions() => base.CheckOptions().Concat(CheckOrder());

    /// <summary>What is wrong with <see cref="SolverOrder"/>.</summary>
    private protected virtual IEnumerable<Finding> CheckOrder() => SpacedChecks.InRange("solver_order", Name, SolverOrder, 1, 3, 2);

    /// <summary>How many outputs a step may read: fewer while the history grows, and at the end.</summary>
    /// <param name="i">The step.</param>
    /// <param name="start">The first step.</param>
    /// <param name="count">The number of steps.</param>
    /// <param name="firstOrderAtEnd">Whether the last step is of first order whatever <see cref="MultistepScheduler{TSelf}.LowerOrderFinal"/> says.</param>
    private protected int OrderAt(int i, int start, int count, bool firstOrderAtEnd)
    {
        var lower = (LowerOrderFinal ?? true) && count < 15;
        var most = i == count - 1 && (lower || firstOrderAtEnd) ? 1 : i == count - 2 && lower ? 2 : 3;
        return System.Math.Min(System.Math.Min(Order, i - start + 1), most);
    }

    /// <summary>What a step does to x: scale·x + d0·D_0 + d1·D_1 + d2·D_2 in terms of the history, with divided differences as in arXiv:2211.01095.</summary>
    /// <param name="scale">The factor of x.</param>
    /// <param name="differences">The factors of D_0, D_1, D_2; as many as the step's order.</param>
    /// <param name="steps">h of this step, then h of the earlier ones: λ_t − λ_s0, λ_s0 − λ_s1, λ_s1 − λ_s2.</param>
    private protected static AffineOp Update(double scale, double[] differences, double[] steps)
    {
        // A last level that repeats the one before is a step of no length; its differences would be 0/0.
        if (steps[0] == 0)
        {
            return AffineOp.Of(Register.X, new Term(Register.X, 1));
        }

        var terms = new double[differences.Length];
        terms[0] = differences[0];
        if (differences.Length == 2)
        {
            var r0 = steps[1] / steps[0];
            terms[0] += differences[1] / r0;
            terms[1] = -differences[1] / r0;
        }
        else if (differences.Length == 3)
        {
            // D1_0 = (m0 − m1)/r0, D1_1 = (m1 − m2)/r1; D1 = D1_0 + r0/(r0 + r1)·(D1_0 − D1_1), D2 = (D1_0 − D1_1)/(r0 + r1)
            var (r0, r1) = (steps[1] / steps[0], steps[2] / steps[0]);
            var newer = (differences[1] * (1 + (r0 / (r0 + r1)))) + (differences[2] / (r0 + r1));
            var older = -((differences[1] * r0) + differences[2]) / (r0 + r1);
            terms[0] += newer / r0;
            terms[1] = (-newer / r0) + (older / r1);
            terms[2] = -older / r1;
        }

        return AffineOp.Of(Register.X, [new Term(Register.X, scale), .. terms.Select((factor, age) => new Term(Register.History(age + 1), factor))]);
    }
}
