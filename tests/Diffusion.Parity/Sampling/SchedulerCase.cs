using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Parity.Sampling;

/// <summary>A recorded trajectory: the sampler that should repeat it, and what was recorded.</summary>
internal sealed class SchedulerCase
{
    public SchedulerCase(GoldenCase golden)
    {
        var json = golden.Content;
        Spec = SamplerSpec.Of(golden.Content, golden.Content.Object("set_timesteps"), golden.Has("step_kwargs") ? golden.Content.Object("step_kwargs") : JsonValue.EmptyObject);
        Shape = json.Integers("shape");
        StartIndex = golden.Has("start_index") ? json.Integer("start_index") : 0;
        InitialSample = json.Tensor("initial_sample", Shape);
        Noise = golden.Has("noise") ? json.List("noise").Select((_, index) => NoiseAt(json, index)).ToArray() : [];
        HasAllNoise = !golden.Has("noise_draws") || json.Integer("noise_draws") <= Noise.Count;
        Steps = json.List("steps").Select(step => RecordedStep.Of(step, Shape)).ToDictionary(step => step.Index);
        if (Steps.Count == 0)
        {
            throw new GoldenException("the case has no steps");
        }
    }

    /// <summary>What is compiled.</summary>
    public PipelineSpec Spec { get; }

    /// <summary>[N, C, H, W] of x.</summary>
    public long[] Shape { get; }

    /// <summary>The step at which the recording begins; above 0 for image-to-image.</summary>
    public int StartIndex { get; }

    /// <summary>x before the step <see cref="StartIndex"/>.</summary>
    public Tensor InitialSample { get; }

    /// <summary>The Gaussian tensors in the order they were drawn in.</summary>
    public IReadOnlyList<Tensor> Noise { get; }

    /// <summary>Whether every draw was recorded.</summary>
    public bool HasAllNoise { get; }

    /// <summary>The recorded steps by their index; long runs record only some.</summary>
    public IReadOnlyDictionary<int, RecordedStep> Steps { get; }

    private Tensor NoiseAt(JsonValue json, int index) =>
        Fields.ToTensor(JsonValue.EmptyObject.With("noise", json.List("noise")[index]).Numbers("noise"), $"noise[{index}]", Shape);
}
