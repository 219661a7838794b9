using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using Diffusion.Benchmarks.Measuring;
using Diffusion.Benchmarks.Onnx;
using Diffusion.Benchmarks.StableDiffusion;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>
/// One evaluation of Stable Diffusion 1.5's U-Net (random weights, batch 2, as guidance needs it): the library in float32 and bfloat16 against a port of diffusers' modules in TorchSharp
/// and ONNX Runtime, and the machine's ceiling in the same run.
/// </summary>
internal static class Sd15Ratio
{
    private const int Rounds = 7;
    private const int Heads = 8;
    private const double Timestep = 675;

    public static IEnumerable<string> Measure(RatioOptions options)
    {
        if (options.Threads > 0)
        {
            torch.set_num_threads(options.Threads);
        }

        using var single = new UNetCase(ScalarType.Float32, withHand: true);
        using var half = new UNetCase(ScalarType.BFloat16, withHand: false);
        using var ceiling = new ConvolutionCeiling();
        using var onnx = new OnnxUNet(options.Onnx ?? OnnxExport.Of(FullSize.UNet(), _ => Heads));
        foreach (var size in new[] { 32, 64 })
        {
            using var random = new Generator(3);
            using var sample = randn([2, 4, size, size], generator: random);
            using var text = randn([2, 77, 768], generator: random);
            using var singleText = single.Prepare(text);
            using var halfText = half.Prepare(text);
            var errors = OutputNote.Of(
                single.Hand(sample, text),
                ("library fp32", single.Library(sample, singleText), OutputNote.Single),
                ("library bf16", half.Library(sample, halfText), OutputNote.Half),
                ("ONNX Runtime", onnx.Predict(sample, Timestep, text), OutputNote.Single));
            var result = new RatioResult(
                $"sd15: UNet, batch 2, latents {size}x{size}",
                Interleaved.Measure(
                    [
                        new("by hand fp32", () => single.Hand(sample, text).Dispose()),
                        new("library fp32", () => single.Library(sample, singleText).Dispose()),
                        new("library bf16", () => half.Library(sample, halfText).Dispose()),
                        new("ONNX Runtime fp32", () => onnx.Run(sample, Timestep, text)),
                        new("ceiling fp32", () => ceiling.Run(ScalarType.Float32)),
                        new("ceiling bf16", () => ceiling.Run(ScalarType.BFloat16)),
                    ],
                    options.Rounds > 0 ? options.Rounds : Rounds,
                    TimeSpan.Zero,
                    options.Clock),
                options,
                errors);
            var json = JsonNode.Parse(RatioJson.Line(result))!;
            var work = single.Flop(sample, text);
            json["GFlop"] = double.Round(work / 1e9, 1);
            json["GFlop/s"] = new JsonObject(result.Samples.Select(samples => new KeyValuePair<string, JsonNode?>(
                samples.Name,
                double.Round((samples.Name.StartsWith("ceiling", StringComparison.Ordinal) ? ConvolutionCeiling.Flop : work) / samples.Median.TotalSeconds / 1e9, 0))));
            yield return json.ToJsonString();
        }
    }
}
