using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Benchmarks.Measuring;
using Diffusion.Benchmarks.Onnx;
using Diffusion.Benchmarks.StableDiffusion;
using Diffusion.Benchmarks.Training;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>One evaluation of the course's U-Net at 28 × 28 (1.7 million random weights): the library, TorchSharp's modules by hand, and ONNX Runtime.</summary>
internal static class CourseRatio
{
    private const int Rounds = 15;
    private const int HeadChannels = 8;
    private const int Timestep = 675;

    public static IEnumerable<RatioResult> Measure(RatioOptions options)
    {
        if (options.Threads > 0)
        {
            torch.set_num_threads(options.Threads);
        }

        using var guard = no_grad();
        var folder = FullSize.Course();
        using var plain = UNet2DModel.FromPretrained(folder);
        using var hand = new HandUNet();
        hand.Take(plain.named_parameters().Select(entry => (entry.name, entry.parameter)));
        using var library = UNet2DModel.FromPretrained(folder, memory: WeightMemory.Packed);
        using var times = library.PrepareTimes([Timestep]);
        using var onnx = new OnnxUNet(options.Onnx ?? OnnxExport.Of(folder, channels => channels / HeadChannels));
        foreach (var count in new[] { 1, 16 })
        {
            using var random = new Generator(6);
            using var sample = randn([count, 1, 28, 28], generator: random);
            using var timesteps = full([count], Timestep, ScalarType.Int64);
            Tensor ByHand()
            {
                using var scope = NewDisposeScope();
                return hand.call(sample, timesteps).MoveToOuterDisposeScope();
            }

            yield return new RatioResult(
                $"course: UNet2DConfig.Course, {count} images 1x28x28, fp32",
                Interleaved.Measure(
                    [
                        new("by hand", () => ByHand().Dispose()),
                        new("library", () => library.Forward(sample, times, 0).Dispose()),
                        new("ONNX Runtime", () => onnx.Run(sample, Timestep, text: null)),
                    ],
                    options.Rounds > 0 ? options.Rounds : Rounds,
                    TimeSpan.FromMilliseconds(200),
                    options.Clock),
                options,
                OutputNote.Of(
                    ByHand(),
                    ("library", library.Forward(sample, times, 0), OutputNote.Single),
                    ("ONNX Runtime", onnx.Predict(sample, Timestep, text: null), OutputNote.Single)));
        }
    }
}
