namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="EdmEulerScheduler"/>
    /// <param name="steps">n, at least 1.</param>
    /// <param name="sChurn">How much noise is added over all steps, at least 0.</param>
    /// <param name="sigmas">How the levels are spread, karras or exponential; null: as the checkpoint says, else karras.</param>
    /// <param name="sigmaMin">The smallest level; null: as the checkpoint says, else 0.002.</param>
    /// <param name="sigmaMax">The largest level; null: as the checkpoint says, else 80.</param>
    /// <param name="sigmaData">The deviation of the data; null: as the checkpoint says, else 0.5.</param>
    public static EdmEulerScheduler EdmEuler(
        int steps = 50,
        double sChurn = 0,
        SigmaSchedule? sigmas = null,
        double? sigmaMin = null,
        double? sigmaMax = null,
        double? sigmaData = null) =>
        new() { Steps = steps, SChurn = sChurn, Sigmas = sigmas, SigmaMin = sigmaMin, SigmaMax = sigmaMax, SigmaData = sigmaData };
}
