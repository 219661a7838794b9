using System.Linq;
using Diffusion.Dsl.Steps;
using Diffusion.Parity.Sampling;
using Diffusion.Runtime.Sampling;
using static TorchSharp.torch;

namespace Diffusion.Parity.Checks;

/// <summary>
/// A sampler evaluation by evaluation: <c>timesteps</c>, <c>sigmas</c>, <c>init_noise_sigma</c>, and from each recorded x and network output what the network
/// sees next, <c>prev_sample</c>, <c>pred_original_sample</c> and which noise is drawn. Every step starts from the recording, so that a difference names its step.
/// </summary>
internal sealed class SchedulerStepsCheck : IParityCheck
{
    public bool Takes(GoldenCase golden) => SamplerSpec.IsKnown(golden) && golden.Has("steps");

    public void Check(GoldenCase golden, Comparison comparison)
    {
        var recorded = new SchedulerCase(golden);
        comparison.RecordedError = recorded.RelativeError;
        if (golden.Has("timesteps"))
        {
            var timesteps = recorded.Whole.Steps.SelectMany(step => step.Ops).OfType<EvaluateOp>().Select(evaluation => evaluation.Timestep).ToArray();
            comparison.CloseNumbers("timesteps", golden.Content.Numbers("timesteps"), timesteps);
        }

        if (golden.Has("init_noise_sigma"))
        {
            comparison.CloseNumbers("init_noise_sigma", [golden.Content.Number("init_noise_sigma")], [recorded.Whole.InitialNoiseSigma]);
        }

        foreach (var (name, sampler) in Samplers.All(recorded.Spec))
        {
            new StepwiseRun(name, recorded, comparison).Run(sampler);
        }
    }
}
