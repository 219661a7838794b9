using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Parity.Sampling;
using Diffusion.Runtime.Training;
using static TorchSharp.torch;

namespace Diffusion.Parity.Checks;

/// <summary>What training and image-to-image make of clean samples: <c>add_noise</c> and <c>get_velocity</c>, a timestep for each sample of the batch.</summary>
internal sealed class ForwardProcessCheck : IParityCheck
{
    public bool Takes(GoldenCase golden) => SamplerSpec.IsKnown(golden) && (golden.Has("add_noise") || golden.Has("get_velocity"));

    public void Check(GoldenCase golden, Comparison comparison)
    {
        var spec = new SchedulerCase(golden).Spec;
        Compare("add_noise", "original", (clean, noise, timesteps) =>
            ForwardProcess.AddNoise(Array.ConvertAll(timesteps, timestep => spec.Sampler.LevelAt(spec.Noise, timestep)), clean, noise));
        Compare("get_velocity", "sample", (clean, noise, timesteps) =>
            ForwardProcess.Velocity(spec.Noise.Curve(), clean, noise, tensor(Array.ConvertAll(timesteps, timestep => TrainingTimestep(spec, timestep)))));

        void Compare(string key, string cleanKey, Func<Tensor, Tensor, double[], Tensor> function)
        {
            if (!golden.Has(key))
            {
                return;
            }

            var recorded = golden.Content.Object(key);
            var shape = recorded.Integers("shape");
            using var clean = recorded.Tensor(cleanKey, shape);
            using var noise = recorded.Tensor("noise", shape);
            using var actual = function(clean, noise, recorded.Numbers("timesteps"));
            using var expected = recorded.Tensor("result", shape);
            comparison.Close(key, expected, actual);
        }
    }

    /// <summary>diffusers' EulerDiscreteScheduler takes ᾱ at the index of the timestep among the sampler's, not at the timestep.</summary>
    private static long TrainingTimestep(PipelineSpec spec, double timestep) => spec.Sampler is EulerScheduler
        ? spec.Sampler.Timesteps(spec.Noise).TakeWhile(visited => Math.Abs(visited - timestep) > 1e-3).Count()
        : (long)timestep;
}
