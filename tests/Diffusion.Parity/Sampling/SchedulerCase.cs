using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;
using static TorchSharp.torch;

namespace Diffusion.Parity.Sampling;

/// <summary>A recorded trajectory: the sampler that should repeat it, and what was recorded.</summary>
internal sealed class SchedulerCase
{
    public SchedulerCase(GoldenCase golden)
    {
        var json = golden.Content;
        var whole = SamplerSpec.Of(golden.Content, golden.Content.Object("set_timesteps"), golden.Has("step_kwargs") ? golden.Content.Object("step_kwargs") : JsonValue.EmptyObject);
        Shape = json.Integers("shape");
        StartIndex = golden.Has("start_index") ? json.Integer("start_index") : 0;
        Whole = Planner.Plan(whole);
        Spec = whole with { Start = StepAt(StartIndex) };
        Plan = Planner.Plan(Spec);
        InitialSample = json.Tensor("initial_sample", Shape);
        Noise = golden.Has("noise") ? json.List("noise").Select((_, index) => NoiseAt(json, index)).ToArray() : [];
        HasAllNoise = !golden.Has("noise_draws") || json.Integer("noise_draws") <= Noise.Count;
        Steps = json.List("steps").Select(step => RecordedStep.Of(step, Shape)).ToDictionary(step => step.Index);
        if (Steps.Count == 0)
        {
            throw new GoldenException("the case has no steps");
        }
    }

    /// <summary>The plan from the first step of the schedule, wherever the recording begins.</summary>
    public PipelinePlan Whole { get; }

    /// <summary>What is compiled: the steps from where the recording begins.</summary>
    public PipelineSpec Spec { get; }

    /// <summary>Its plan, unfused.</summary>
    public PipelinePlan Plan { get; }

    /// <summary>The index of each step's first evaluation among diffusers' timesteps, and one more for the end.</summary>
    public IReadOnlyList<int> FirstEvaluations => Plan.Steps.Aggregate(
        (IReadOnlyList<int>)[StartIndex],
        (firsts, step) => [.. firsts, firsts[^1] + step.Ops.OfType<EvaluateOp>().Count()]);

    /// <summary>From σ = 4096 on down in float32 the recordings are off by 5e-5 of the largest element; they ask for 2e-4 in all.</summary>
    public double RelativeError => Spec is { Noise.ZeroTerminalSnr: true, Sampler.Name: "Euler" or "EulerAncestral" } ? 1.9e-4 : 0;

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

    /// <summary>The step that has the evaluation at diffusers' index.</summary>
    private int StepAt(int index) => Whole.Spec.Sampler.Starts(Whole.Spec.Noise).Count(first => first <= index) - 1;

    private Tensor NoiseAt(JsonValue json, int index) =>
        Fields.ToTensor(JsonValue.EmptyObject.With("noise", json.List("noise")[index]).Numbers("noise"), $"noise[{index}]", Shape);
}
