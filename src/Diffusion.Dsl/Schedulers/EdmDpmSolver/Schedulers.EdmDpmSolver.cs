namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="EdmDpmSolverScheduler"/>
    /// <param name="steps">n, at least 1.</param>
    /// <param name="solverOrder">1 to 3; null: as the checkpoint says, else 2.</param>
    /// <param name="algorithm">DPM-Solver++ or its SDE; null: as the checkpoint says, else the former.</param>
    /// <param name="sigmas">How the levels are spread, karras or exponential; null: as the checkpoint says, else karras.</param>
    /// <param name="sigmaMin">The smallest level; null: as the checkpoint says, else 0.002.</param>
    /// <param name="sigmaMax">The largest level; null: as the checkpoint says, else 80.</param>
    /// <param name="sigmaData">The deviation of the data; null: as the checkpoint says, else 0.5.</param>
    public static EdmDpmSolverScheduler EdmDpmSolver(
        int steps = 50,
        int? solverOrder = null,
        SolverAlgorithm? algorithm = null,
        SigmaSchedule? sigmas = null,
        double? sigmaMin = null,
        double? sigmaMax = null,
        double? sigmaData = null) =>
        new() { Steps = steps, SolverOrder = solverOrder, Algorithm = algorithm, Sigmas = sigmas, SigmaMin = sigmaMin, SigmaMax = sigmaMax, SigmaData = sigmaData };
}
