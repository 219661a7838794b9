using System;
using System.Globalization;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Training;

/// <summary>One line of <c>metrics.jsonl</c>: one optimiser step.</summary>
/// <param name="Step">1 is the first.</param>
/// <param name="Epoch">The pass through the data, counted from 1.</param>
/// <param name="Loss">The mean loss of the step's pictures.</param>
/// <param name="LearningRate">The rate.</param>
/// <param name="GradientNorm">The norm of all gradients before clipping.</param>
/// <param name="Images">Pictures of the step.</param>
/// <param name="Seconds">Time of the step, loading and computing.</param>
public sealed record TrainingMetric(int Step, int Epoch, double Loss, double LearningRate, double GradientNorm, int Images, double Seconds)
{
    /// <summary>The line, without its end.</summary>
    public string ToJson() => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"step\":{Step},\"epoch\":{Epoch},\"loss\":{Loss:R},\"learning_rate\":{LearningRate:R},\"gradient_norm\":{GradientNorm:R},\"images\":{Images},\"seconds\":{Seconds:F4}}}");

    /// <summary>A line read back.</summary>
    /// <param name="line">The line.</param>
    /// <param name="source">The file, for messages.</param>
    /// <exception cref="DiffusionException">DIF0580: it is not JSON.</exception>
    public static TrainingMetric Parse(string line, string source)
    {
        var json = JsonValue.Parse(line, source);
        return new TrainingMetric(Int("step"), Int("epoch"), Number("loss"), Number("learning_rate"), Number("gradient_norm"), Int("images"), Number("seconds"));

        int Int(string key) => json[key].AsInt();
        double Number(string key) => json[key].AsDouble();
    }
}
