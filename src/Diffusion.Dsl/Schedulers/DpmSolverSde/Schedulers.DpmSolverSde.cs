namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="DpmSolverSdeScheduler"/>
    /// <param name="steps">n, 1 to T; the network runs 2 n − 1 times.</param>
    /// <param name="sigmas">How the noise levels are spread; null: as the checkpoint says, else the model's own.</param>
    /// <param name="noiseSamplerSeed">The seed of every picture's Brownian path; null: as the checkpoint says, else the picture's own.</param>
    /// <param name="brownian">Whether the noise follows a Brownian path; false: it is drawn afresh every time.</param>
    /// <param name="sNoise">The deviation of added noise, at least 0.</param>
    /// <param name="spacing">How the timesteps are chosen; null: as the checkpoint says, else linspace.</param>
    /// <param name="stepsOffset">Added to leading timesteps; null: as the checkpoint says, else 0.</param>
    public static DpmSolverSdeScheduler DpmSolverSde(
        int steps = 50,
        SigmaSchedule? sigmas = null,
        long? noiseSamplerSeed = null,
        bool brownian = true,
        double sNoise = 1,
        TimestepSpacing? spacing = null,
        int? stepsOffset = null) =>
        new() { Steps = steps, Sigmas = sigmas, NoiseSamplerSeed = noiseSamplerSeed, Brownian = brownian, SNoise = sNoise, Spacing = spacing, StepsOffset = stepsOffset };
}
