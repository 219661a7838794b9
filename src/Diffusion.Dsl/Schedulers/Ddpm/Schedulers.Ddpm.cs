namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="DdpmScheduler"/>
    /// <param name="steps">n, 1 to T; null: all T of the noise schedule.</param>
    /// <param name="variance">Where the variance comes from; null: as the checkpoint says, else fixed_small.</param>
    /// <param name="clamp">What keeps x̂_0 in range; null: as the checkpoint says, else [−1, 1].</param>
    /// <param name="spacing">How the timesteps are chosen; null: as the checkpoint says, else leading.</param>
    /// <param name="stepsOffset">Added to leading timesteps; null: as the checkpoint says, else 0.</param>
    public static DdpmScheduler Ddpm(
        int? steps = null,
        VarianceType? variance = null,
        Clamp? clamp = null,
        TimestepSpacing? spacing = null,
        int? stepsOffset = null) =>
        new() { Steps = steps, Variance = variance, Clamp = clamp, Spacing = spacing, StepsOffset = stepsOffset };
}
