using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>
/// DPM-Solver++ as a multistep method on a preconditioned network: Lu et al. (2022), arXiv:2211.01095, in the formulation of Karras et al. (2022),
/// arXiv:2206.00364.
/// </summary>
/// <remarks>
/// <para>The method of <see cref="DpmSolverScheduler"/> with α = 1, so that λ = −log σ: x_t = (σ_t/σ_s) x + (1 − σ_t/σ_s)(D_0 + ½ D_1), and so on.</para>
/// <para>A step to σ = 0 has h = ∞ and is of first order: x_t = x̂_0.</para>
/// <para>Parity target: diffusers <c>EDMDPMSolverMultistepScheduler</c>.</para>
/// </remarks>
public sealed record EdmDpmSolverScheduler : EdmScheduler<EdmDpmSolverScheduler>
{
    private static readonly SchedulerOption<EdmDpmSolverScheduler>[] OptionList =
    [
        SchedulerOption<EdmDpmSolverScheduler>.Integer("solverOrder", "solver_order", sampler => sampler.SolverOrder, (sampler, order) => sampler.WithSolverOrder(order), 2),
        .. EdmOptions(),
        SchedulerOption<EdmDpmSolverScheduler>.Clamp(sampler => sampler.Clamp, (sampler, clamp) => sampler.WithClamp(clamp), Clamp.None, clips: false),
        SchedulerOption<EdmDpmSolverScheduler>.Word("algorithm", "algorithm_type", sampler => sampler.Algorithm, (sampler, algorithm) => sampler.WithAlgorithm(algorithm == SolverAlgorithm.Deis ? SolverAlgorithm.DpmSolverPlusPlus : algorithm), SolverAlgorithm.DpmSolverPlusPlus),
        SchedulerOption<EdmDpmSolverScheduler>.Word("solverType", "solver_type", sampler => sampler.SolverType, (sampler, type) => sampler.WithSolverType(type == Dsl.SolverType.Heun ? type : Dsl.SolverType.Midpoint), Dsl.SolverType.Midpoint),
        SchedulerOption<EdmDpmSolverScheduler>.Word("final", "final_sigmas_type", sampler => sampler.Final, (sampler, final) => sampler.WithFinal(final), FinalSigma.Zero),
        SchedulerOption<EdmDpmSolverScheduler>.Flag("lowerOrderFinal", "lower_order_final", sampler => sampler.LowerOrderFinal, (sampler, lower) => sampler.WithLowerOrderFinal(lower), true),
        SchedulerOption<EdmDpmSolverScheduler>.Flag("eulerAtFinal", "euler_at_final", sampler => sampler.EulerAtFinal, (sampler, euler) => sampler.WithEulerAtFinal(euler), false),
    ];

    /// <summary>The order of the steady state, 1 to 3; null: as the checkpoint says, else 2.</summary>
    public int? SolverOrder { get; init; }

    /// <summary>What keeps x̂_0 in range: nothing or dynamic thresholding; null: as the checkpoint says, else nothing.</summary>
    public Clamp? Clamp { get; init; }

    /// <summary>DPM-Solver++ along the probability flow or its SDE; null: as the checkpoint says, else the former.</summary>
    public SolverAlgorithm? Algorithm { get; init; }

    /// <summary>Midpoint or heun; null: as the checkpoint says, else midpoint.</summary>
    public SolverType? SolverType { get; init; }

    /// <summary>Where the last step ends; null: as the checkpoint says, else at the clean sample.</summary>
    public FinalSigma? Final { get; init; }

    /// <summary>Whether the last steps take lower orders where there are fewer than 15 steps; null: as the checkpoint says, else yes.</summary>
    public bool? LowerOrderFinal { get; init; }

    /// <summary>Whether the last step is of first order even where <see cref="LowerOrderFinal"/> would not make it so; null: as the checkpoint says, else no.</summary>
    public bool? EulerAtFinal { get; init; }

    /// <summary>The same sampler with another <see cref="SolverOrder"/>.</summary>
    /// <param name="solverOrder">1 to 3; null: as the checkpoint says.</param>
    public EdmDpmSolverScheduler WithSolverOrder(int? solverOrder) => this with { SolverOrder = solverOrder };

    /// <summary>The same sampler with another <see cref="Clamp"/>.</summary>
    /// <param name="clamp">Nothing or dynamic thresholding; null: as the checkpoint says.</param>
    public EdmDpmSolverScheduler WithClamp(Clamp? clamp) => this with { Clamp = clamp };

    /// <summary>The same sampler with another <see cref="Algorithm"/>.</summary>
    /// <param name="algorithm">DPM-Solver++ or its SDE; null: as the checkpoint says.</param>
    public EdmDpmSolverScheduler WithAlgorithm(SolverAlgorithm? algorithm) => this with { Algorithm = algorithm };

    /// <summary>The same sampler with another <see cref="SolverType"/>.</summary>
    /// <param name="solverType">Midpoint or heun; null: as the checkpoint says.</param>
    public EdmDpmSolverScheduler WithSolverType(SolverType? solverType) => this with { SolverType = solverType };

    /// <summary>The same sampler with another <see cref="Final"/>.</summary>
    /// <param name="final">Where the last step ends; null: as the checkpoint says.</param>
    public EdmDpmSolverScheduler WithFinal(FinalSigma? final) => this with { Final = final };

    /// <summary>The same sampler with another <see cref="LowerOrderFinal"/>.</summary>
    /// <param name="lowerOrderFinal">Whether the last steps take lower orders; null: as the checkpoint says.</param>
    public EdmDpmSolverScheduler WithLowerOrderFinal(bool? lowerOrderFinal) => this with { LowerOrderFinal = lowerOrderFinal };

    /// <summary>The same sampler with another <see cref="EulerAtFinal"/>.</summary>
    /// <param name="eulerAtFinal">Whether the last step is of first order; null: as the checkpoint says.</param>
    public EdmDpmSolverScheduler WithEulerAtFinal(bool? eulerAtFinal) => this with { EulerAtFinal = eulerAtFinal };

    /// <inheritdoc/>
    public override string Name => "EdmDpmSolver";

    /// <inheritdoc/>
    public override string DiffusersClass => "EDMDPMSolverMultistepScheduler";

    /// <inheritdoc/>
    /// <remarks>2 with three outputs as well (see <see cref="DpmSolverScheduler"/>).</remarks>
    public override int Order => Min(MethodOrder, 2);

    /// <inheritdoc/>
    public override int HistoryLength => MethodOrder - 1;

    /// <inheritdoc/>
    public override bool IsStochastic => Algorithm == SolverAlgorithm.SdeDpmSolverPlusPlus;

    private int MethodOrder => SolverOrder ?? 2;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<EdmDpmSolverScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions()
    {
        var findings = SpacedChecks.InRange("solver_order", Name, SolverOrder, 1, 3, 2).Concat(SpacedChecks.Clamping(Clamp));
        if (Clamp is RangeClamp)
        {
            findings = findings.Append(Rules.OptionsExclude.Found("clamp: " + Clamp, Name, "it keeps x0 in range by dynamic thresholding or not at all"));
        }

        if (Algorithm is SolverAlgorithm.DpmSolver or SolverAlgorithm.SdeDpmSolver)
        {
            findings = findings.Append(Rules.OptionsExclude.Found("algorithm: " + Names.Of(Algorithm.Value), Name, "a preconditioned network predicts x0, whose integral is " + Names.Of(SolverAlgorithm.DpmSolverPlusPlus)));
        }

        return IsStochastic && MethodOrder > 2
            ? findings.Append(Rules.OptionOutOfRange.Found("solver_order", Name + " with " + Names.Of(SolverAlgorithm.SdeDpmSolverPlusPlus), MethodOrder, "1 or 2", 2))
            : findings;
    }

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var ladder = Ladder(derivation, Final ?? FinalSigma.Zero);
        return derivation.Table(ladder.Count, i => Between(ladder, i, Ops(i, ladder, derivation)), InitialNoiseSigma);
    }

    private IEnumerable<StepOp> Ops(int i, SigmaLadder ladder, Derivation derivation)
    {
        var levels = ladder.Sigmas.Select(NoiseLevel.Exploding).ToArray();
        var order = Multistep.OrderAt(MethodOrder, i, derivation.Start, ladder.Count, LowerOrderFinal ?? true, EulerAtFinal == true || levels[i + 1].Sigma == 0);
        var steps = Enumerable.Range(0, order).Select(age => levels[i + 1 - age].Lambda - levels[i - age].Lambda).ToArray();
        var basis = Basis(derivation, ladder.Sigmas[i]);
        yield return Evaluate(ladder, i);
        yield return new ConvertOp(basis.P, basis.Q);
        if (Clamp is not (null or NoClamp))
        {
            yield return new ClampOp(Clamp);
        }

        if (MethodOrder > 1)
        {
            yield return new ShiftOp(MethodOrder);
        }

        yield return AffineOp.Of(Register.History(1), new Term(Register.X0, 1));
        yield return Multistep.Update(SolverIntegral.Of(Algorithm, levels[i], levels[i + 1], order, SolverType != Dsl.SolverType.Heun && order == 2), steps);
    }
}
