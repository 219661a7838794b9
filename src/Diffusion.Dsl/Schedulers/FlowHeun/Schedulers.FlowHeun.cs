namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="FlowHeunScheduler"/>
    /// <param name="steps">n, 1 to T; the network runs 2 n − 1 times.</param>
    /// <param name="shift">How far the levels are shifted to the noisy end, above 0; null: as the checkpoint says, else 1.</param>
    /// <param name="sChurn">How much noise is added over all steps, at least 0.</param>
    public static FlowHeunScheduler FlowHeun(int steps = 28, double? shift = null, double sChurn = 0) =>
        new() { Steps = steps, Shift = shift, SChurn = sChurn };
}
