namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="ConsistencyModelScheduler"/>
    /// <param name="steps">n, 1 to T; 1 and 2 are usual.</param>
    /// <param name="sigmaMin">The level that counts as clean; null: as the checkpoint says, else 0.002.</param>
    /// <param name="sigmaMax">The noisiest level; null: as the checkpoint says, else 80.</param>
    /// <param name="clipDenoised">Whether the clean sample is cut to [−1, 1]; null: as the checkpoint says, else yes.</param>
    public static ConsistencyModelScheduler ConsistencyModel(int steps = 1, double? sigmaMin = null, double? sigmaMax = null, bool? clipDenoised = null) =>
        new() { Steps = steps, SigmaMin = sigmaMin, SigmaMax = sigmaMax, ClipDenoised = clipDenoised };
}
