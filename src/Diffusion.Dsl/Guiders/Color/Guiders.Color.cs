namespace Diffusion.Dsl;

public static partial class Guiders
{
    /// <inheritdoc cref="ColorGuidance"/>
    /// <param name="red">In [0, 1].</param>
    /// <param name="green">In [0, 1].</param>
    /// <param name="blue">In [0, 1].</param>
    /// <param name="scale">The factor on the gradient.</param>
    /// <param name="schedule">How the scale changes along the steps; null: not at all.</param>
    /// <param name="throughNetwork">Whether the gradient passes the denoising network.</param>
    public static ColorGuidance Color(double red, double green, double blue, double scale = 40, ScaleSchedule? schedule = null, bool throughNetwork = false) =>
        new(red, green, blue, scale) { Schedule = schedule ?? ScaleSchedule.Constant, ThroughNetwork = throughNetwork };
}
