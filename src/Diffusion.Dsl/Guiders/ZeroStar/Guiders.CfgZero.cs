namespace Diffusion.Dsl;

public static partial class Guiders
{
    /// <inheritdoc cref="ZeroStarGuidance"/>
    /// <param name="scale">w: 1 is no guidance.</param>
    /// <param name="zeroSteps">In how many of the first steps the prediction is 0; only for networks that predict a velocity.</param>
    /// <param name="interval">The part of the steps in which guidance acts; null: all.</param>
    public static ZeroStarGuidance CfgZero(double scale, int zeroSteps = 1, GuidanceInterval? interval = null) =>
        new(scale, zeroSteps) { Interval = interval ?? GuidanceInterval.Always };
}
