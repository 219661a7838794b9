namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="DeisScheduler"/>
    /// <param name="steps">n, 1 to T.</param>
    /// <param name="solverOrder">1 to 3; null: as the checkpoint says, else 2.</param>
    /// <param name="sigmas">How the noise levels are spread; null: as the checkpoint says, else the model's own.</param>
    /// <param name="spacing">How the timesteps are chosen; null: as the checkpoint says, else linspace.</param>
    /// <param name="stepsOffset">Added to leading timesteps; null: as the checkpoint says, else 0.</param>
    public static DeisScheduler Deis(
        int steps = 50,
        int? solverOrder = null,
        SigmaSchedule? sigmas = null,
        TimestepSpacing? spacing = null,
        int? stepsOffset = null) =>
        new() { Steps = steps, SolverOrder = solverOrder, Sigmas = sigmas, Spacing = spacing, StepsOffset = stepsOffset };
}
