using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using Diffusion.Benchmarks.Measuring;
using Diffusion.Benchmarks.Training;
using TorchSharp;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>
/// A training step of the course's U-Net at 28 × 28, 64 images at once: written with this library, and by hand with TorchSharp's modules. Both start from the
/// same weights and see the same images, noise and timesteps.
/// </summary>
internal static class TrainRatio
{
    private const int Images = 64;
    private const int Rounds = 15;
    private const int ComparedSteps = 4;

    // float32, with AdamW's divisions between the steps.
    private const double LargestError = 1e-4;

    // The heap has found its size by then.
    private const int SettlingSteps = 50;
    private const int WatchedSteps = 50;

    public static IEnumerable<string> Measure(RatioOptions options)
    {
        if (options.Threads > 0)
        {
            torch.set_num_threads(options.Threads);
        }

        using var batch = new TrainingBatch(Images, seed: 1);
        using var library = new LibraryLoop();
        using var hand = new HandLoop(library.Model.named_parameters().Select(entry => (entry.name, entry.parameter)));
        var error = Compare(library, hand, batch);
        if (options.Memory)
        {
            yield return Memory(library, batch).ToJsonString();
        }

        var result = new RatioResult(
            $"train: one step of UNet2DConfig.Course, {Images} images 1x28x28",
            Interleaved.Measure(
                [new("by hand", () => hand.Step(batch)), new("library", () => library.Step(batch))],
                options.Rounds > 0 ? options.Rounds : Rounds,
                TimeSpan.Zero,
                options.Clock),
            options,
            string.Create(CultureInfo.InvariantCulture, $"the losses of the first {ComparedSteps} steps differ by {error:0.0e-00} of their value"));
        var json = JsonNode.Parse(RatioJson.Line(result))!;
        json["images/s"] = new JsonObject(result.Samples.Select(samples => new KeyValuePair<string, JsonNode?>(samples.Name, double.Round(Images / samples.Median.TotalSeconds, 1))));
        yield return json.ToJsonString();
    }

    private static double Compare(LibraryLoop library, HandLoop hand, TrainingBatch batch)
    {
        var error = Enumerable.Range(0, ComparedSteps).Max(_ =>
        {
            var expected = hand.Step(batch);
            return Math.Abs(library.Step(batch) - expected) / expected;
        });
        return error < LargestError
            ? error
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"the losses differ by {error:0.0e-00} of their value; the measurement would compare two things"));
    }

    /// <summary>What a step leaves behind: resident memory and living tensors.</summary>
    private static JsonObject Memory(LibraryLoop library, TrainingBatch batch)
    {
        Steps(SettlingSteps);
        var (memory, tensors) = (Environment.WorkingSet, torch.Tensor.TotalCount);
        Steps(WatchedSteps);
        return new JsonObject
        {
            ["name"] = $"train: memory from step {SettlingSteps} to {SettlingSteps + WatchedSteps}",
            ["resident MB"] = double.Round(Environment.WorkingSet / 1e6, 1),
            ["growth MB a step"] = double.Round((Environment.WorkingSet - memory) / 1e6 / WatchedSteps, 3),
            ["tensors before"] = tensors,
            ["tensors after"] = torch.Tensor.TotalCount,
        };

        void Steps(int count)
        {
            for (var step = 0; step < count; step++)
            {
                library.Step(batch);
            }
        }
    }
}
