using System;
using System.Linq;
using System.Text.Json.Nodes;
using Diffusion.Benchmarks.Measuring;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>Writes a measurement as one line of JSON; times in microseconds.</summary>
internal static class RatioJson
{
    public static string Line(RatioResult result)
    {
        var baseline = result.Samples[0];
        var json = new JsonObject
        {
            ["name"] = result.Name,
            ["unit"] = "us",
            ["clock"] = result.Options.Clock.Name,
            ["rounds"] = baseline.Rounds.Count,
            ["threads"] = TorchSharp.torch.get_num_threads(),
            ["cores"] = Environment.ProcessorCount,
            ["baseline"] = baseline.Name,
            ["variants"] = new JsonObject(result.Samples.Select(samples => new System.Collections.Generic.KeyValuePair<string, JsonNode?>(samples.Name, Times(samples, baseline)))),
        };
        if (result.Note is not null)
        {
            json["note"] = result.Note;
        }

        return json.ToJsonString();
    }

    private static JsonObject Times(Samples samples, Samples baseline) => new()
    {
        ["median"] = Round(samples.Median.TotalMicroseconds),
        ["min"] = Round(samples.Min.TotalMicroseconds),
        ["max"] = Round(samples.Max.TotalMicroseconds),
        ["faster"] = Round(samples.FasterThan(baseline)),
    };

    private static double Round(double value) => double.Round(value, Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Max(value, 1e-3))), 0, 6));
}
