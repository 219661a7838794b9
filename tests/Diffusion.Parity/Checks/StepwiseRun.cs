using System.Collections.Generic;
using System.Linq;
using Diffusion.Parity.Sampling;
using Diffusion.Runtime.Sampling;
using static TorchSharp.torch;

namespace Diffusion.Parity.Checks;

/// <summary>Runs a sampler beside a recording and puts x back on it before every step.</summary>
/// <param name="name">The sampler's name in messages.</param>
/// <param name="recorded">The recording.</param>
/// <param name="comparison">What is found.</param>
internal sealed class StepwiseRun(string name, SchedulerCase recorded, Comparison comparison)
{
    private readonly ReplayedNoise _noise = new(recorded.Noise);
    private readonly IReadOnlyList<int> _firsts = recorded.FirstEvaluations;
    private int _evaluation = recorded.StartIndex;

    public void Run(Sampler sampler)
    {
        using var network = new FunctionNetwork(Answer);
        using var run = new SamplingRun(network, _noise, recorded.Shape, watched: recorded.Plan) { Initial = Before(recorded.StartIndex) ?? zeros(recorded.Shape) };
        var compared = 0;
        Prepare(recorded.StartIndex);
        foreach (var step in sampler.Sample(run))
        {
            var (first, last) = (_firsts[step.Index], _firsts[step.Index + 1] - 1);
            comparison.Same($"{name} step {step.Index} evaluations", [last + 1], [_evaluation]);
            if (recorded.Steps.TryGetValue(last, out var expected))
            {
                Compare($"{name} step {last} (t = {expected.Timestep:0.###})", first, expected, step);
                compared += Enumerable.Range(first, last - first + 1).Count(recorded.Steps.ContainsKey);
            }

            Prepare(last + 1);
            if (Before(last + 1) is { } before)
            {
                run.X.copy_(before);
            }
        }

        comparison.Same($"{name} steps", [recorded.Steps.Count], [compared]);
    }

    private void Prepare(int evaluation)
    {
        var next = recorded.Steps.GetValueOrDefault(evaluation);
        (_noise.IsIdle, _noise.Next) = (next is null, next?.FirstNoise ?? _noise.Next);
    }

    /// <summary>What was recorded for the evaluation, after a look at what the network is given.</summary>
    private Tensor Answer(Tensor x, double timestep)
    {
        var index = _evaluation++;
        if (!recorded.Steps.TryGetValue(index, out var step))
        {
            return zeros_like(x);
        }

        comparison.CloseNumbers($"{name} step {index} timestep", [step.Timestep], [timestep]);
        var input = step.ModelInput ?? Before(index);
        if (input is not null)
        {
            comparison.Close($"{name} step {index} model_input", input, x);
        }

        return step.ModelOutput.clone();
    }

    private void Compare(string place, int first, RecordedStep expected, SamplingStep actual)
    {
        comparison.Close($"{place} prev_sample", expected.PrevSample, actual.X);
        if (expected.PredOriginalSample is { } original)
        {
            comparison.Close($"{place} pred_original_sample", original, actual.X0 ?? throw new GoldenException("the sampler shows no predicted original sample"));
        }

        // Noise that diffusers draws and multiplies by 0 is rightly left out where nothing later reads the generator.
        var drawn = _noise.Next - recorded.Steps[first].FirstNoise;
        var recordedDraws = expected.FirstNoise + expected.NoiseCount - recorded.Steps[first].FirstNoise;
        if (drawn != 0)
        {
            comparison.Same($"{place} noise drawn", [recordedDraws], [drawn]);
        }
    }

    // x before a recorded evaluation: recorded itself, or the result of the one before, or where the trajectory starts.
    private Tensor? Before(int index) => recorded.Steps.GetValueOrDefault(index) switch
    {
        null => null,
        { Sample: { } sample } => sample,
        _ when index == recorded.StartIndex => recorded.InitialSample,
        _ => recorded.Steps.GetValueOrDefault(index - 1)?.PrevSample ?? throw new GoldenException($"step {index} has no sample, and the step before is not recorded"),
    };
}
