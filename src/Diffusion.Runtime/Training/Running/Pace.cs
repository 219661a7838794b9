using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Diffusion.Runtime.Training;

/// <summary>How fast a run goes, and how long it still takes.</summary>
internal sealed class Pace(int totalSteps, int firstStep)
{
    private const int Smoothed = 50;

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Queue<double> losses = new();
    private long images;

    public TimeSpan Elapsed => watch.Elapsed;

    /// <summary>The mean of the last 50 losses; NaN where there are none.</summary>
    public static double Smooth(IEnumerable<double> losses) => losses.TakeLast(Smoothed).DefaultIfEmpty(double.NaN).Average();

    public TrainingProgress Behind(TrainingMetric metric)
    {
        losses.Enqueue(metric.Loss);
        if (losses.Count > Smoothed)
            losses.Dequeue();
        images += metric.Images;
        var elapsed = watch.Elapsed;
        return new TrainingProgress(
            metric.Step,
            totalSteps,
            metric.Epoch,
            metric.Loss,
            losses.Average(),
            metric.LearningRate,
            metric.GradientNorm,
            images / elapsed.TotalSeconds,
            elapsed,
            elapsed / (metric.Step - firstStep) * (totalSteps - metric.Step));
    }
}
