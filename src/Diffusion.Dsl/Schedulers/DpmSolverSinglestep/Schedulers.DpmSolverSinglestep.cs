namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="DpmSolverSinglestepScheduler"/>
    /// <param name="steps">n, how often the network runs, 1 to T.</param>
    /// <param name="solverOrder">1 to 3; null: as the checkpoint says, else 2.</param>
    /// <param name="algorithm">Which integral is discretised; null: as the checkpoint says, else DPM-Solver++.</param>
    /// <param name="sigmas">How the noise levels are spread; null: as the checkpoint says, else the model's own.</param>
    /// <param name="lowerOrderFinal">Whether the last steps take lower orders; null: as the checkpoint says, else only where they must.</param>
    public static DpmSolverSinglestepScheduler DpmSolverSinglestep(
        int steps = 50,
        int? solverOrder = null,
        SolverAlgorithm? algorithm = null,
        SigmaSchedule? sigmas = null,
        bool? lowerOrderFinal = null) =>
        new() { Steps = steps, SolverOrder = solverOrder, Algorithm = algorithm, Sigmas = sigmas, LowerOrderFinal = lowerOrderFinal };
}
