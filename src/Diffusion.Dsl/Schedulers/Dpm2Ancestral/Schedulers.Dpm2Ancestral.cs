namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="Dpm2AncestralScheduler"/>
    /// <param name="steps">n, 1 to T; the network runs 2 n − 1 times.</param>
    /// <param name="sigmas">How the noise levels are spread; null: as the checkpoint says, else the model's own.</param>
    /// <param name="spacing">How the timesteps are chosen; null: as the checkpoint says, else linspace.</param>
    /// <param name="stepsOffset">Added to leading timesteps; null: as the checkpoint says, else 0.</param>
    public static Dpm2AncestralScheduler Dpm2Ancestral(
        int steps = 50,
        SigmaSchedule? sigmas = null,
        TimestepSpacing? spacing = null,
        int? stepsOffset = null) =>
        new() { Steps = steps, Sigmas = sigmas, Spacing = spacing, StepsOffset = stepsOffset };
}
