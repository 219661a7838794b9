using System.Collections.Generic;
using System.Linq;

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
    public override int Order => MethodOrder;

    /// <summary>p, how many outputs the steady state reads.</summary>
    private protected int MethodOrder => SolverOrder ?? 2;

    /// <inheritdoc/>
    public override int HistoryLength => MethodOrder - 1;

    /// <summary>The options that every such sampler has.</summary>
    /// <param name="lu">Whether the class's config files have <c>use_lu_lambdas</c>.</param>
    private protected static IEnumerable<SchedulerOption<TSelf>> SolverOptions(bool lu = false) =>
    [
        SchedulerOption<TSelf>.Integer("solverOrder", "solver_order", sampler => sampler.SolverOrder, (sampler, order) => sampler.WithSolverOrder(order), 2),
        .. MultistepOptions(lu),
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
    private protected int OrderAt(int i, int start, int count, bool firstOrderAtEnd) =>
        Multistep.OrderAt(MethodOrder, i, start, count, LowerOrderFinal ?? true, firstOrderAtEnd);
}
