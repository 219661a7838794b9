namespace Diffusion.Dsl;

public static partial class Guiders
{
    /// <inheritdoc cref="ClassifierFreeGuidance"/>
    /// <param name="scale">w: 1 is no guidance, 7.5 is usual.</param>
    /// <param name="rescale">φ in [0, 1]; 0 is off.</param>
    /// <param name="interval">The part of the steps in which guidance acts; null: all.</param>
    public static ClassifierFreeGuidance Cfg(double scale, double rescale = 0, GuidanceInterval? interval = null) =>
        new(scale, rescale) { Interval = interval ?? GuidanceInterval.Always };

    /// <summary>A part of the steps, as fractions: <c>Interval(0.1, 0.8)</c>.</summary>
    /// <param name="start">In [0, 1): 0 is the noisiest step.</param>
    /// <param name="stop">In (start, 1].</param>
    public static GuidanceInterval Interval(double start, double stop) => new(start, stop);
}
