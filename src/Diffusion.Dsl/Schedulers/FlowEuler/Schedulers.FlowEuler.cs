namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="FlowEulerScheduler"/>
    /// <param name="steps">n, 1 to T; 28 are usual.</param>
    /// <param name="shift">How far the levels are shifted to the noisy end, above 0; null: as the checkpoint says, else 1.</param>
    /// <param name="useDynamicShifting">Whether the shift is e^μ instead; null: as the checkpoint says, else not.</param>
    /// <param name="mu">μ; null: computed from the image's length where that is said.</param>
    /// <param name="imageSequenceLength">The length of the image's token sequence; null: μ is given, or the shift does not depend on it.</param>
    public static FlowEulerScheduler FlowEuler(
        int steps = 28,
        double? shift = null,
        bool? useDynamicShifting = null,
        double? mu = null,
        int? imageSequenceLength = null) =>
        new() { Steps = steps, Shift = shift, UseDynamicShifting = useDynamicShifting, Mu = mu, ImageSequenceLength = imageSequenceLength };
}
