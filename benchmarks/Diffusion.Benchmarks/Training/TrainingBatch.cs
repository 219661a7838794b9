using System;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Training;

/// <summary>One batch with its noise, drawn beforehand: both loops see the same.</summary>
internal sealed class TrainingBatch : IDisposable
{
    public TrainingBatch(long size, ulong seed)
    {
        using var generator = new Generator(seed, CPU);
        Clean = rand([size, 1, 28, 28], generator: generator).mul_(2).sub_(1).DetachFromDisposeScope();
        Noise = randn([size, 1, 28, 28], generator: generator).DetachFromDisposeScope();
        Timesteps = randint(0, 1000, [size], ScalarType.Int64, generator: generator).DetachFromDisposeScope();
    }

    /// <summary>x_0, <c>[N, 1, 28, 28]</c>.</summary>
    public Tensor Clean { get; }

    /// <summary>ε, <c>[N, 1, 28, 28]</c>.</summary>
    public Tensor Noise { get; }

    /// <summary>t, <c>[N]</c>.</summary>
    public Tensor Timesteps { get; }

    public void Dispose()
    {
        Clean.Dispose();
        Noise.Dispose();
        Timesteps.Dispose();
    }
}
