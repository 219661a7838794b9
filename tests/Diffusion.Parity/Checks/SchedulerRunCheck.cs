using System.Linq;
using Diffusion.Parity.Sampling;
using Diffusion.Runtime.Sampling;
using static TorchSharp.torch;

namespace Diffusion.Parity.Checks;

/// <summary>A sampler on its own from <c>initial_sample</c> to the end, the network being the recorded formula: every recorded <c>prev_sample</c>.</summary>
internal sealed class SchedulerRunCheck : IParityCheck
{
    public bool Takes(GoldenCase golden) => SamplerSpec.IsKnown(golden) && golden.Has("steps") && golden.Has("model");

    public void Check(GoldenCase golden, Comparison comparison)
    {
        var recorded = new SchedulerCase(golden);
        comparison.RecordedError = recorded.RelativeError;
        if (!recorded.HasAllNoise)
        {
            return;
        }

        var model = golden.Content.Object("model");
        var formula = model.Word("formula");
        var variance = model.Find("variance_formula") is { IsNull: false } ? model.Word("variance_formula") : null;
        using var network = new FunctionNetwork((x, t) => Answer(formula, variance, x, t));
        using var noise = new ReplayedNoise(recorded.Noise);
        using var run = new SamplingRun(network, noise, recorded.Shape) { Initial = recorded.InitialSample };
        var firsts = recorded.FirstEvaluations;
        foreach (var step in Samplers.Compiled(recorded.Spec).Sample(run))
        {
            if (recorded.Steps.TryGetValue(firsts[step.Index + 1] - 1, out var expected))
            {
                comparison.Close($"run, step {expected.Index} (t = {expected.Timestep:0.###}) prev_sample", expected.PrevSample, step.X);
                noise.Next = expected.FirstNoise + expected.NoiseCount;
            }
        }
    }

    private static Tensor Answer(string formula, string? variance, Tensor x, double t)
    {
        using var mean = Formula.Evaluate(formula, x, t);
        if (variance is null)
        {
            return mean.alias();
        }

        using var second = Formula.Evaluate(variance, x, t);
        return cat([mean, second], 1);
    }
}
