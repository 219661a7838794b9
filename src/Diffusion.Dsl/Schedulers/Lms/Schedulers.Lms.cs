namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="LmsScheduler"/>
    /// <param name="steps">n, 1 to T.</param>
    /// <param name="order">How many slopes a step reads, 1 to 10.</param>
    /// <param name="sigmas">How the noise levels are spread; null: as the checkpoint says, else the model's own.</param>
    /// <param name="spacing">How the timesteps are chosen; null: as the checkpoint says, else linspace.</param>
    /// <param name="stepsOffset">Added to leading timesteps; null: as the checkpoint says, else 0.</param>
    public static LmsScheduler Lms(
        int steps = 50,
        int order = 4,
        SigmaSchedule? sigmas = null,
        TimestepSpacing? spacing = null,
        int? stepsOffset = null) =>
        new LmsScheduler { Steps = steps, Sigmas = sigmas, Spacing = spacing, StepsOffset = stepsOffset }.WithOrder(order);
}
