namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="UniPCScheduler"/>
    /// <param name="steps">n, 1 to T.</param>
    /// <param name="solverOrder">At least 1; the corrector adds one; null: as the checkpoint says, else 2.</param>
    /// <param name="solverType">bh1 or bh2; null: as the checkpoint says, else bh2.</param>
    /// <param name="sigmas">How the noise levels are spread; null: as the checkpoint says, else the model's own.</param>
    /// <param name="spacing">How the timesteps are chosen; null: as the checkpoint says, else linspace.</param>
    /// <param name="stepsOffset">Added to leading timesteps; null: as the checkpoint says, else 0.</param>
    public static UniPCScheduler UniPC(
        int steps = 50,
        int? solverOrder = null,
        SolverType? solverType = null,
        SigmaSchedule? sigmas = null,
        TimestepSpacing? spacing = null,
        int? stepsOffset = null) =>
        new() { Steps = steps, SolverOrder = solverOrder, SolverType = solverType, Sigmas = sigmas, Spacing = spacing, StepsOffset = stepsOffset };
}
