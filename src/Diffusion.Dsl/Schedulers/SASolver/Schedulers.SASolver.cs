namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="SASolverScheduler"/>
    /// <param name="steps">n, 1 to T.</param>
    /// <param name="predictorOrder">1 to 4; null: as the checkpoint says, else 2.</param>
    /// <param name="correctorOrder">1 to 4; null: as the checkpoint says, else 2.</param>
    /// <param name="tau">τ from timestep 800 to 200; 0 is deterministic.</param>
    /// <param name="sigmas">How the noise levels are spread; null: as the checkpoint says, else the model's own.</param>
    /// <param name="spacing">How the timesteps are chosen; null: as the checkpoint says, else linspace.</param>
    /// <param name="stepsOffset">Added to leading timesteps; null: as the checkpoint says, else 0.</param>
    public static SASolverScheduler SASolver(
        int steps = 50,
        int? predictorOrder = null,
        int? correctorOrder = null,
        double tau = 1,
        SigmaSchedule? sigmas = null,
        TimestepSpacing? spacing = null,
        int? stepsOffset = null) =>
        new() { Steps = steps, PredictorOrder = predictorOrder, CorrectorOrder = correctorOrder, Tau = tau, Sigmas = sigmas, Spacing = spacing, StepsOffset = stepsOffset };
}
