using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Diffusion.Dsl;

/// <content>What an objective means, as a table.</content>
public sealed partial record Objective
{
    /// <summary>
    /// A table over some timesteps: the signal-to-noise ratio, the weight on the network's output, and what both make of an error of x_0. It answers
    /// why predicting ε is more than predicting x_0 in other words: the plain error of ε counts SNR times as an error of x_0, that of v SNR + 1 times.
    /// </summary>
    /// <remarks>ᾱ is here the product itself; training rounds it to float32 as diffusers does, where 1 − ᾱ_0 is off by 2 in 10,000.</remarks>
    /// <param name="noise">A valid noise schedule.</param>
    /// <param name="timesteps">Each 0 to T − 1; none: six from the first to the last.</param>
    /// <returns>Lines that end with a line feed.</returns>
    public string Explain(NoiseSchedule noise, params int[] timesteps)
    {
        var curve = noise.Curve();
        var exact = new double[curve.Count];
        for (var t = 0; t < exact.Length; t++)
        {
            exact[t] = (t == 0 ? 1 : exact[t - 1]) * (1 - curve.Beta(t));
        }

        var shown = timesteps.Length > 0 ? timesteps : [0, curve.Count / 10, curve.Count / 4, curve.Count / 2, curve.Count * 3 / 4, curve.Count - 1];
        var rows = new List<string[]> { new[] { "t", "SNR", "weight", "on x0", "epsilon", "sample", "v_prediction", "flow_prediction" } };
        foreach (var timestep in shown)
        {
            var level = NoiseLevel.OfAlphaBar(exact[timestep]);
            rows.Add(
            [
                Text.Of(timestep),
                Figure(exact[timestep] / (1 - exact[timestep])),
                Figure(WeightAt(level)),
                Figure(Weighting.OnCleanSample(Prediction, level)),
                .. new[] { PredictionType.Epsilon, PredictionType.Sample, PredictionType.VPrediction, PredictionType.Flow }
                    .Select(type => Figure(Weightings.Uniform.OnCleanSample(type, level))),
            ]);
        }

        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        var table = rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadLeft(widths[column]))));
        return string.Join("\n", Sentences(noise).Concat(table)) + "\n";
    }

    private IEnumerable<string> Sentences(NoiseSchedule noise)
    {
        yield return "Objective " + this + " on " + noise + ".";
        yield return "The network sees x = α x0 + σ ε and learns " + Formula() + "; its squared error counts «weight» times,";
        yield return "which is the same as counting the squared error of x0 «on x0» times. The last four columns are «on x0» of the plain";
        yield return "errors: SNR for epsilon, 1 for sample, SNR + 1 for v_prediction, (1 + √SNR)² for flow_prediction.";
    }

    private string Formula() => Prediction switch
    {
        PredictionType.Epsilon => "ε, so x0 = (x − σ ε)/α",
        PredictionType.Sample => "x0",
        PredictionType.Flow => "ε − x0, so x0 = (x − σ m)/(α + σ)",
        _ => "v = α ε − σ x0, so x0 = α x − σ v",
    };

    // Three digits say enough, and are equal on every machine.
    private static string Figure(double value) => value >= 1000
        ? value.ToString("0", CultureInfo.InvariantCulture)
        : value.ToString("G3", CultureInfo.InvariantCulture).Replace("E-0", "e-").Replace("E-", "e-");
}
