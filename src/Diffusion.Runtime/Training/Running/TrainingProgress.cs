using System;

namespace Diffusion.Runtime.Training;

/// <summary>How far a training is, told behind every step.</summary>
/// <param name="Step">Steps that are done, those before a resumption included.</param>
/// <param name="TotalSteps">Steps of the whole training.</param>
/// <param name="Epoch">The pass through the data, counted from 1.</param>
/// <param name="Loss">The loss of this step.</param>
/// <param name="AverageLoss">The mean loss of the last 50 steps.</param>
/// <param name="LearningRate">The rate of this step.</param>
/// <param name="GradientNorm">The norm of all gradients before clipping.</param>
/// <param name="ImagesPerSecond">Pictures learnt from per second of this run.</param>
/// <param name="Elapsed">Time of this run.</param>
/// <param name="Remaining">Time to the end at this pace.</param>
public sealed record TrainingProgress(
    int Step,
    int TotalSteps,
    int Epoch,
    double Loss,
    double AverageLoss,
    double LearningRate,
    double GradientNorm,
    double ImagesPerSecond,
    TimeSpan Elapsed,
    TimeSpan Remaining)
{
    /// <summary>One line: <c>step 500 of 20000: loss 0.0231, rate 4.00E-004, 35.2 images/s, 1:32:07 left</c>.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"step {Step} of {TotalSteps}: loss {AverageLoss:F4}, rate {LearningRate:0.00e-0}, {ImagesPerSecond:F1} images/s, {(int)Remaining.TotalHours}:{Remaining:mm\\:ss} left");
}
