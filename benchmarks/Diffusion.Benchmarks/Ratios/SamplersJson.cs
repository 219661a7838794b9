using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>Writes the comparison of all samplers as one line of JSON; times in microseconds a step.</summary>
internal static class SamplersJson
{
    public static string Line(int steps, RatioOptions options, IReadOnlyList<SamplerResult> results, IReadOnlyList<string> missing)
    {
        var smallest = results.MinBy(result => result.Faster)!;
        return new JsonObject
        {
            ["name"] = $"samplers: {steps} steps on latents 1x4x64x64, outside the network",
            ["unit"] = "us a step",
            ["clock"] = options.Clock.Name,
            ["threads"] = TorchSharp.torch.get_num_threads(),
            ["cores"] = Environment.ProcessorCount,
            ["baseline"] = "eager",
            ["samplers"] = new JsonObject(results.Select(result => new KeyValuePair<string, JsonNode?>(result.Name, new JsonObject
            {
                ["eager"] = double.Round(result.Eager.TotalMicroseconds, 2),
                ["compiled"] = double.Round(result.Compiled.TotalMicroseconds, 2),
                ["faster"] = double.Round(result.Faster, 2),
                ["error"] = result.Error.ToString("0.0e-00", CultureInfo.InvariantCulture),
            }))),
            ["smallest"] = new JsonObject { ["sampler"] = smallest.Name, ["faster"] = double.Round(smallest.Faster, 2) },
            ["missing"] = new JsonArray([.. missing.Select(name => JsonValue.Create(name))]),
            ["note"] = "the network gives a stored tensor at no cost; noise is drawn beforehand in both variants; medians",
        }.ToJsonString();
    }
}
