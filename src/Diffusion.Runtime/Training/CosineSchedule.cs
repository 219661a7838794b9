using System;

namespace Diffusion.Runtime.Training;

/// <summary>
/// A learning rate that rises linearly over the warm-up and then falls along half a cosine to 0; diffusers' <c>get_cosine_schedule_with_warmup</c>.
/// Loshchilov and Hutter (2016), arXiv:1608.03983, Eq. (5), without restarts.
/// </summary>
/// <param name="Peak">The rate after the warm-up.</param>
/// <param name="WarmupSteps">Steps of the rise; 0 starts at the peak.</param>
/// <param name="TotalSteps">Steps until the rate is 0, warm-up included.</param>
public sealed record CosineSchedule(double Peak, int WarmupSteps, int TotalSteps)
{
    /// <summary>The rate of one optimiser step.</summary>
    /// <param name="step">0 is the first step.</param>
    public double At(int step)
    {
        if (step < WarmupSteps)
            return Peak * step / Math.Max(1, WarmupSteps);

        var progress = (step - WarmupSteps) / (double)Math.Max(1, TotalSteps - WarmupSteps);
        return Peak * Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, progress))));
    }
}
