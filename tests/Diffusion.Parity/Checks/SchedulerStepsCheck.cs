using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Planning;
using Diffusion.Parity.Sampling;
using Diffusion.Runtime.Sampling;
using static TorchSharp.torch;

namespace Diffusion.Parity.Checks;

/// <summary>
/// A sampler step by step: <c>timesteps</c>, <c>init_noise_sigma</c>, and from each recorded x and network output <c>prev_sample</c>,
/// <c>pred_original_sample</c> and how much noise is drawn. Every step starts from the recording, so that a difference names its step.
/// </summary>
internal sealed class SchedulerStepsCheck : IParityCheck
{
    public bool Takes(GoldenCase golden) => SamplerSpec.IsKnown(golden) && golden.Has("steps");

    public void Check(GoldenCase golden, Comparison comparison)
    {
        var recorded = new SchedulerCase(golden);
        if (golden.Has("timesteps"))
        {
            comparison.Same("timesteps", golden.Content.Numbers("timesteps"), recorded.Spec.Sampler.Timesteps(recorded.Spec.Noise).Select(timestep => (double)timestep).ToArray());
        }

        if (golden.Has("init_noise_sigma"))
        {
            comparison.CloseNumbers("init_noise_sigma", [golden.Content.Number("init_noise_sigma")], [Planner.Plan(recorded.Spec).InitialNoiseSigma]);
        }

        foreach (var (name, sampler) in Samplers.All(recorded.Spec))
        {
            Steps(name, sampler, recorded, comparison);
        }
    }

    private static void Steps(string name, Sampler sampler, SchedulerCase recorded, Comparison comparison)
    {
        RecordedStep? current = null;
        using var network = new FunctionNetwork((x, _) => Answer(x, current, name, comparison));
        using var noise = new ReplayedNoise(recorded.Noise);
        using var run = new SamplingRun(network, noise, recorded.Shape, watched: Planner.Plan(recorded.Spec)) { Initial = Before(0, recorded) ?? zeros(recorded.Shape) };
        Prepare(0);
        var compared = 0;
        var last = recorded.Spec.Sampler.Timesteps(recorded.Spec.Noise).Count - 1;
        foreach (var step in sampler.Sample(run))
        {
            if (current is not null)
            {
                // Nothing follows the last step: noise that diffusers draws there and multiplies by 0 is rightly left out.
                if (step.Index < last)
                {
                    comparison.Same($"{name} step {step.Index} (t = {current.Timestep:0.###}) noise drawn", [current.NoiseCount], [noise.Next - current.FirstNoise]);
                }

                Compare($"{name} step {step.Index} (t = {current.Timestep:0.###})", current, step, comparison);
                compared++;
            }

            Prepare(step.Index + 1);
            if (Before(step.Index + 1, recorded) is { } before)
            {
                run.X.copy_(before);
            }
        }

        comparison.Same($"{name} steps", [recorded.Steps.Count], [compared]);

        void Prepare(int index)
        {
            current = recorded.Steps.GetValueOrDefault(index);
            (noise.IsIdle, noise.Next) = (current is null, current?.FirstNoise ?? noise.Next);
        }
    }

    private static Tensor Answer(Tensor x, RecordedStep? step, string name, Comparison comparison)
    {
        if (step?.ModelInput is { } input)
        {
            comparison.Close($"{name} step {step.Index} model_input", input, x);
        }

        return step?.ModelOutput.clone() ?? zeros_like(x);
    }

    private static void Compare(string place, RecordedStep recorded, SamplingStep actual, Comparison comparison)
    {
        comparison.Same($"{place} timestep", [recorded.Timestep], [actual.Timestep]);
        comparison.Close($"{place} prev_sample", recorded.PrevSample, actual.X);
        if (recorded.PredOriginalSample is { } original)
        {
            comparison.Close($"{place} pred_original_sample", original, actual.X0 ?? throw new GoldenException("the sampler shows no predicted original sample"));
        }
    }

    // x before a recorded step: recorded itself, or the result of the step before, or where the trajectory starts.
    private static Tensor? Before(int index, SchedulerCase recorded) => recorded.Steps.GetValueOrDefault(index) switch
    {
        null => null,
        { Sample: { } sample } => sample,
        _ when index == recorded.StartIndex => recorded.InitialSample,
        _ => recorded.Steps.GetValueOrDefault(index - 1)?.PrevSample ?? throw new GoldenException($"step {index} has no sample, and the step before is not recorded"),
    };
}
