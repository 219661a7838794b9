namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="UnClipScheduler"/>
    /// <param name="steps">n, 1 to T; 25 are usual.</param>
    /// <param name="toNextTimestep">Whether a step ends at the next timestep, as it should with fewer than T steps; false: at t − 1, as in diffusers unless told.</param>
    /// <param name="variance">fixed_small_log or learned_range; null: as the checkpoint says, else fixed_small_log.</param>
    /// <param name="clamp">What keeps x̂_0 in range; null: as the checkpoint says, else [−1, 1].</param>
    public static UnClipScheduler UnClip(int steps = 25, bool toNextTimestep = false, VarianceType? variance = null, Clamp? clamp = null) =>
        new() { Steps = steps, ToNextTimestep = toNextTimestep, Variance = variance, Clamp = clamp };
}
