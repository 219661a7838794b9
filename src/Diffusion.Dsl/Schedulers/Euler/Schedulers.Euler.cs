namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="EulerScheduler"/>
    /// <param name="steps">n, 1 to T.</param>
    /// <param name="sigmas">How the noise levels are spread; null: as the checkpoint says, else the model's own.</param>
    /// <param name="spacing">How the timesteps are chosen; null: as the checkpoint says, else linspace.</param>
    /// <param name="stepsOffset">Added to leading timesteps; null: as the checkpoint says, else 0.</param>
    /// <param name="sChurn">How much noise is added over all steps, at least 0.</param>
    public static EulerScheduler Euler(
        int steps = 50,
        SigmaSchedule? sigmas = null,
        TimestepSpacing? spacing = null,
        int? stepsOffset = null,
        double sChurn = 0) =>
        new() { Steps = steps, Sigmas = sigmas, Spacing = spacing, StepsOffset = stepsOffset, SChurn = sChurn };
}
