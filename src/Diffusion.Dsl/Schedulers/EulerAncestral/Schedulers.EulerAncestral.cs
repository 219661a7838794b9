namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="EulerAncestralScheduler"/>
    /// <param name="steps">n, 1 to T.</param>
    /// <param name="sigmas">How the noise levels are spread; null: the model's own.</param>
    /// <param name="spacing">How the timesteps are chosen; null: as the checkpoint says, else linspace.</param>
    /// <param name="stepsOffset">Added to leading timesteps; null: as the checkpoint says, else 0.</param>
    public static EulerAncestralScheduler EulerAncestral(
        int steps = 50,
        SigmaSchedule? sigmas = null,
        TimestepSpacing? spacing = null,
        int? stepsOffset = null) =>
        new() { Steps = steps, Sigmas = sigmas, Spacing = spacing, StepsOffset = stepsOffset };
}
