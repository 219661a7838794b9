using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>What DPM-Solver's multistep and singlestep methods share: which integral is discretised, and the levels.</summary>
/// <typeparam name="TSelf">The sampler itself.</typeparam>
public abstract record DpmScheduler<TSelf> : SolverScheduler<TSelf>
    where TSelf : DpmScheduler<TSelf>
{
    private protected DpmScheduler()
    {
    }

    /// <summary>Which integral is discretised; null: as the checkpoint says, else DPM-Solver++.</summary>
    public SolverAlgorithm? Algorithm { get; init; }

    /// <summary>Midpoint or heun; null: as the checkpoint says, else midpoint.</summary>
    public SolverType? SolverType { get; init; }

    /// <summary>Where the last step ends; null: as the checkpoint says, else at the clean sample.</summary>
    public FinalSigma? Final { get; init; }

    /// <summary>Timesteps with λ below this are left out, for the cosine schedule −5.1; null: as the checkpoint says, else none.</summary>
    public double? LambdaMinClipped { get; init; }

    /// <summary>Whether the network's second half of channels is a variance, which is left unread; null: as the checkpoint says, else not.</summary>
    public VarianceType? Variance { get; init; }

    /// <summary>The same sampler with another <see cref="Algorithm"/>.</summary>
    /// <param name="algorithm">Which integral is discretised; null: as the checkpoint says.</param>
    public TSelf WithAlgorithm(SolverAlgorithm? algorithm) => Self(this with { Algorithm = algorithm });

    /// <summary>The same sampler with another <see cref="SolverType"/>.</summary>
    /// <param name="solverType">Midpoint or heun; null: as the checkpoint says.</param>
    public TSelf WithSolverType(SolverType? solverType) => Self(this with { SolverType = solverType });

    /// <summary>The same sampler with another <see cref="Final"/>.</summary>
    /// <param name="final">Where the last step ends; null: as the checkpoint says.</param>
    public TSelf WithFinal(FinalSigma? final) => Self(this with { Final = final });

    /// <summary>The same sampler with another <see cref="LambdaMinClipped"/>.</summary>
    /// <param name="lambdaMinClipped">A λ, or −∞; null: as the checkpoint says.</param>
    public TSelf WithLambdaMinClipped(double? lambdaMinClipped) => Self(this with { LambdaMinClipped = lambdaMinClipped });

    /// <summary>The same sampler with another <see cref="Variance"/>.</summary>
    /// <param name="variance">Learned or learned range where the network has twice the channels; null: as the checkpoint says.</param>
    public TSelf WithVariance(VarianceType? variance) => Self(this with { Variance = variance });

    /// <inheritdoc/>
    public sealed override bool IsStochastic => Algorithm is SolverAlgorithm.SdeDpmSolver or SolverAlgorithm.SdeDpmSolverPlusPlus;

    /// <summary>Whether the integral is that of ε̂ instead of x̂_0.</summary>
    private protected bool PredictsNoise => Algorithm is SolverAlgorithm.DpmSolver or SolverAlgorithm.SdeDpmSolver;

    /// <summary>Whether the second order takes the slope at the middle.</summary>
    private protected bool IsMidpoint => SolverType != Dsl.SolverType.Heun;

    /// <summary>Whether the network has twice the channels.</summary>
    private protected bool SplitsVariance => Variance is VarianceType.Learned or VarianceType.LearnedRange;

    /// <summary>The options that both have; words of other families of solvers mean the default, as in diffusers.</summary>
    private protected static IEnumerable<SchedulerOption<TSelf>> DpmOptions() =>
    [
        SchedulerOption<TSelf>.Word("algorithm", "algorithm_type", sampler => sampler.Algorithm, (sampler, algorithm) => sampler.WithAlgorithm(algorithm >= SolverAlgorithm.Deis ? SolverAlgorithm.DpmSolverPlusPlus : algorithm), SolverAlgorithm.DpmSolverPlusPlus),
        SchedulerOption<TSelf>.Word("solverType", "solver_type", sampler => sampler.SolverType, (sampler, type) => sampler.WithSolverType(type == Dsl.SolverType.Heun ? type : Dsl.SolverType.Midpoint), Dsl.SolverType.Midpoint),
        SchedulerOption<TSelf>.Word("final", "final_sigmas_type", sampler => sampler.Final, (sampler, final) => sampler.WithFinal(final), FinalSigma.Zero),
        SchedulerOption<TSelf>.Number("lambdaMinClipped", "lambda_min_clipped", sampler => sampler.LambdaMinClipped, (sampler, lambda) => sampler.WithLambdaMinClipped(lambda), double.NegativeInfinity),
        SchedulerOption<TSelf>.Word<VarianceType>("variance", "variance_type", sampler => sampler.Variance, (sampler, variance) => sampler.WithVariance(variance), null),
    ];

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions()
    {
        var findings = base.CheckOptions();
        if (PredictsNoise && (CustomSigmas.IsEmpty ? (Final ?? FinalSigma.Zero) == FinalSigma.Zero : CustomSigmas[CustomSigmas.Count - 1] == 0))
        {
            findings = findings.Append(Rules.OptionsExclude.Found(CustomSigmas.IsEmpty ? "final: zero" : "customSigmas to 0", "algorithm: " + Names.Of(Algorithm!.Value), "the integral of the noise ends at sigma_min"));
        }

        return IsStochastic && MethodOrder > 2
            ? findings.Append(Rules.OptionOutOfRange.Found("solver_order", Name + " with " + Names.Of(Algorithm!.Value), MethodOrder, "1 or 2", 2))
            : findings;
    }

    /// <summary>The levels of a resolved sampler.</summary>
    private protected SigmaLadder Ladder(Derivation derivation)
    {
        var grid = Grid(derivation.Noise, Final ?? FinalSigma.Zero) with { LambdaMin = LambdaMinClipped ?? double.NegativeInfinity };
        return SigmaLadder.Solver(derivation.Model, grid, derivation.Noise.TrainTimesteps);
    }
}
