using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Parity.Sampling;
using Diffusion.Runtime;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using static TorchSharp.torch;
using Device = Diffusion.Dsl.Device;

namespace Diffusion.Parity.Checks;

/// <summary>
/// DDPMPipeline and DDIMPipeline from a folder, with the recorded noise. Step by step from the recorded samples: <c>model_output.i</c> and
/// <c>latents_after_step.i</c>. As users run them, from noise to picture: <c>latents_after_step.i</c>, <c>final_sample</c>, <c>image01_nhwc</c>.
/// </summary>
/// <remarks>
/// Over a whole run rounding grows: on some recordings float32 ends as far as 2.3e-5 from the same run in float64. That distance is measured for each
/// case and allowed on top of the tolerance, for the whole run only.
/// </remarks>
internal sealed class UnconditionalPipelineCheck : IParityCheck
{
    private static readonly string[] Classes = ["DDPMPipeline", "DDIMPipeline"];

    public bool Takes(GoldenCase golden) => Classes.Contains(golden.Word("pipeline")) && SamplerSpec.IsKnown(golden);

    public void Check(GoldenCase golden, Comparison comparison)
    {
        using var recorded = new Recording(Path.ChangeExtension(golden.Path, ".safetensors"));
        var compiled = Compile(golden);
        using var models = NetworkLoader.Load(compiled, LoadOptions.Default, new Precisions(Precision.Float32, Precision.Float32), _ => { });
        using var lease = models.Network.Use();
        var network = lease.Network;
        Compare("timesteps_used", recorded, tensor(compiled.Spec.Sampler.Timesteps(compiled.Spec.Noise).Select(timestep => (float)timestep).ToArray()), comparison);
        StepByStep(compiled, network, recorded, comparison);
        WholeRun(compiled, network, recorded, Exact(compiled.Spec, network, recorded), comparison);
    }

    private static CompiledPipeline Compile(GoldenCase golden)
    {
        var json = golden.Content;
        var steps = JsonValue.EmptyObject.With("num_inference_steps", json.Field("num_inference_steps"));
        var spec = SamplerSpec.Of(json, steps, golden.Has("kwargs") ? json.Object("kwargs") : JsonValue.EmptyObject);
        return Pipeline.From(Pretrained.From(golden.Beside(golden.Content.Word("folder"))).Unet).Scheduler(spec.Sampler).Noise(spec.Noise).Prediction(spec.Prediction).Compile(Samplers.Options);
    }

    private static void StepByStep(CompiledPipeline compiled, INetwork network, Recording recorded, Comparison comparison)
    {
        var index = 0;
        using var watched = new FunctionNetwork((x, t) =>
        {
            var output = network.Predict(x, t, Conditioning.Conditional);
            Compare($"model_output.{index++}", recorded, output, comparison);
            return output;
        });
        using var noise = new ReplayedNoise(recorded.Noise());
        using var run = new SamplingRun(watched, noise, Shape(recorded));
        foreach (var step in compiled.Sampler.Sample(run))
        {
            var name = $"latents_after_step.{step.Index}";
            Compare(name, recorded, step.X, comparison);
            if (recorded.Find(name) is { } sample)
            {
                run.X.copy_(sample);
            }
        }
    }

    private static void WholeRun(CompiledPipeline compiled, INetwork network, Recording recorded, IReadOnlyList<Tensor> exact, Comparison comparison)
    {
        using var noise = new ReplayedNoise(recorded.Noise());
        using var run = new SamplingRun(network, noise, Shape(recorded));
        foreach (var step in compiled.Sampler.Sample(run))
        {
            Compare($"latents_after_step.{step.Index}", recorded, step.X, comparison, exact[step.Index]);
        }

        Compare("final_sample", recorded, run.X, comparison, exact[^1]);
        Compare("image01_nhwc", recorded, Picture(run.X), comparison, Picture(exact[^1]));
        if (recorded.Find("image01_nhwc") is { } image)
        {
            Pixels(image, run.X, comparison);
        }
    }

    // The sample after each step of the same run in float64, operation by operation.
    private static List<Tensor> Exact(PipelineSpec spec, INetwork network, Recording recorded)
    {
        using var model = UNet2DModel.FromConfig(((UNet2DNetwork)network).Model.Config, LayerOptions.Unset(ScalarType.Float64));
        model.load_state_dict(((UNet2DNetwork)network).Model.state_dict());
        model.eval();
        using var predictor = new FunctionNetwork((x, t) => model.call(x, tensor(t, dtype: ScalarType.Float64), null));
        using var noise = new ReplayedNoise([.. recorded.Noise().Select(drawn => drawn.to(ScalarType.Float64))]);
        using var run = new SamplingRun(predictor, noise, Shape(recorded));
        return [.. new PlanInterpreter(Planner.Plan(spec)).Sample(run).Select(step => step.X.clone())];
    }

    private static void Compare(string name, Recording recorded, Tensor actual, Comparison comparison, Tensor? exact = null)
    {
        if (recorded.Find(name) is { } expected)
        {
            var error = exact is null ? 0 : (expected - exact).abs().max().item<double>();
            comparison.Close(exact is null ? name : "whole run, " + name, expected, actual, error);
        }
    }

    // 8-bit pixels: at most half a level from the recorded value, and what the picture's own tolerance is in levels.
    private static void Pixels(Tensor image01, Tensor sample, Comparison comparison)
    {
        const double half = 0.5 + (255 * 4 * Comparison.Relative);
        var images = Image.FromBatch(sample);
        for (var i = 0; i < images.Count; i++)
        {
            var expected = image01[i] * 255;
            comparison.Within($"pixels of image {i}", expected, tensor(images[i].Pixels.ToArray()).reshape(expected.shape), half);
        }
    }

    private static Tensor Picture(Tensor sample) => ((sample / 2) + 0.5).clamp(0, 1).permute(0, 2, 3, 1);

    private static long[] Shape(Recording recorded) => recorded["noise.0"].shape;
}
