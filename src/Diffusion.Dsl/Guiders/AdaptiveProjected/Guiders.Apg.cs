namespace Diffusion.Dsl;

public static partial class Guiders
{
    /// <inheritdoc cref="AdaptiveProjectedGuidance"/>
    /// <param name="scale">w: 1 is no guidance.</param>
    /// <param name="eta">η in [0, 1]: how much is kept of the part along the conditional prediction.</param>
    /// <param name="momentum">β in (−1, 1); 0 is off.</param>
    /// <param name="threshold">r, the largest norm of a direction over [C, H, W]; 0 is off.</param>
    /// <param name="fromUnconditional">Whether the direction is added to the unconditional prediction, as diffusers does.</param>
    /// <param name="interval">The part of the steps in which guidance acts; null: all.</param>
    public static AdaptiveProjectedGuidance Apg(double scale, double eta = 0, double momentum = -0.5, double threshold = 0, bool fromUnconditional = false, GuidanceInterval? interval = null) =>
        new(scale, eta, momentum, threshold) { FromUnconditional = fromUnconditional, Interval = interval ?? GuidanceInterval.Always };
}
