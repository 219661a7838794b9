namespace Diffusion.Dsl;

public static partial class Guiders
{
    /// <inheritdoc cref="ClipGuidance"/>
    /// <param name="prompt">What the picture should come to look like.</param>
    /// <param name="scale">The factor on the gradient.</param>
    /// <param name="cuts">How many random crops are embedded at each step, at least 1.</param>
    /// <param name="schedule">How the scale changes along the steps; null: not at all.</param>
    public static ClipGuidance Clip(string prompt, double scale = 100, int cuts = 4, ScaleSchedule? schedule = null) =>
        new(prompt, scale, cuts) { Schedule = schedule ?? ScaleSchedule.Constant };
}
