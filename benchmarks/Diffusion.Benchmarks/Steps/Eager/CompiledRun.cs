using System;
using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Runtime.Sampling;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>A compiled sampler, and an eager one beside it, on the same stored tensors.</summary>
internal sealed class CompiledRun : INetwork, INoiseSource
{
    private static readonly long[] Shape = [1, 4, 64, 64];

    // Both orders must come round at other times than the steps do: equal outputs would hide a wrong difference.
    private readonly StoredTensors _outputs = new(7, Shape, seed: 1);
    private readonly StoredTensors _noises = new(5, Shape, seed: 2);
    private readonly Sampler _sampler;
    private readonly Tensor _initial;

    public CompiledRun(Sampler sampler, PipelineSpec spec)
    {
        using var generator = new Generator(0, CPU);
        _sampler = sampler;
        _initial = randn(Shape, generator: generator).mul_(spec.Sampler.Derive(spec.Noise, spec.Prediction).InitialNoiseSigma);
    }

    /// <summary>Samples once, compiled.</summary>
    /// <param name="look">Sees the last x.</param>
    public void Compiled(Action<Tensor>? look = null)
    {
        Rewind();
        using var run = new SamplingRun(this, this, Shape) { Initial = _initial };
        foreach (var step in _sampler.Sample(run))
        {
            _ = step;
        }

        look?.Invoke(run.X);
    }

    /// <summary>Samples once, operation by operation.</summary>
    public Tensor Eager(EagerSampler eager)
    {
        Rewind();
        return eager.Run(_initial, _outputs, _noises);
    }

    /// <summary>The largest difference of the two results, relative to the largest element.</summary>
    public double ErrorAgainst(EagerSampler eager)
    {
        using var scope = NewDisposeScope();
        var (expected, error) = (Eager(eager), double.NaN);
        Compiled(x => error = ((x - expected).abs().max() / expected.abs().max()).item<float>());
        return error;
    }

    void INetwork.Prepare(IReadOnlyList<double> timesteps)
    {
    }

    Tensor INetwork.Predict(Tensor x, double timestep, Conditioning conditioning) => _outputs.Next();

    Tensor INoiseSource.Draw(long[] shape) => _noises.Next();

    public void Dispose()
    {
        _initial.Dispose();
        _outputs.Dispose();
        _noises.Dispose();
    }

    private void Rewind()
    {
        _outputs.Rewind();
        _noises.Rewind();
    }
}
