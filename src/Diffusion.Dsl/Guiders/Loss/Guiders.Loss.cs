using System;

namespace Diffusion.Dsl;

public static partial class Guiders
{
    /// <summary>Guidance by a loss of one's own: <c>Loss((Tensor x0, double t) => (x0 - 0.5).abs().mean([1, 2, 3]), scale: 40)</c>.</summary>
    /// <param name="loss">A <c>Func&lt;Tensor, double, Tensor&gt;</c>: x̂_0 as pictures <c>[N, C, H, W]</c> in [−1, 1] and t; the loss of each picture <c>[N]</c>, or of all together <c>[]</c>.</param>
    /// <param name="scale">The factor on the gradient.</param>
    /// <param name="label">A name for messages and for the key.</param>
    /// <param name="schedule">How the scale changes along the steps; null: not at all.</param>
    /// <param name="throughNetwork">Whether the gradient passes the denoising network.</param>
    public static LossGuidance Loss(Delegate loss, double scale = 1, string label = "loss", ScaleSchedule? schedule = null, bool throughNetwork = false) =>
        new(label ?? throw new ArgumentNullException(nameof(label)), loss ?? throw new ArgumentNullException(nameof(loss)), scale)
        {
            Schedule = schedule ?? ScaleSchedule.Constant,
            ThroughNetwork = throughNetwork,
        };
}
