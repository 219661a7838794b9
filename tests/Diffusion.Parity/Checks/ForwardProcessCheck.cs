using System;
using Diffusion.Dsl;
using Diffusion.Parity.Sampling;
using Diffusion.Runtime.Training;
using static TorchSharp.torch;

namespace Diffusion.Parity.Checks;

/// <summary>What training makes of clean samples: <c>add_noise</c> and <c>get_velocity</c>, a timestep for each sample of the batch.</summary>
internal sealed class ForwardProcessCheck : IParityCheck
{
    public bool Takes(GoldenCase golden) => SamplerSpec.IsKnown(golden) && (golden.Has("add_noise") || golden.Has("get_velocity"));

    public void Check(GoldenCase golden, Comparison comparison)
    {
        var curve = SchedulerConfigJson.Read(golden.Content.Object("scheduler_config")).Noise.Curve();
        Compare("add_noise", "original", (clean, noise, timesteps) => ForwardProcess.AddNoise(curve, clean, noise, timesteps));
        Compare("get_velocity", "sample", (clean, noise, timesteps) => ForwardProcess.Velocity(curve, clean, noise, timesteps));

        void Compare(string key, string cleanKey, Func<Tensor, Tensor, Tensor, Tensor> function)
        {
            if (!golden.Has(key))
            {
                return;
            }

            var recorded = golden.Content.Object(key);
            var shape = recorded.Integers("shape");
            using var clean = recorded.Tensor(cleanKey, shape);
            using var noise = recorded.Tensor("noise", shape);
            using var timesteps = tensor(recorded.Integers("timesteps"));
            using var actual = function(clean, noise, timesteps);
            using var expected = recorded.Tensor("result", shape);
            comparison.Close(key, expected, actual);
        }
    }
}
