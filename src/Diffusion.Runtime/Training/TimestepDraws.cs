using System;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>Draws the timesteps of a batch as a <see cref="TimestepSampling"/> says, on the CPU, so that every device gives the same.</summary>
public static class TimestepDraws
{
    /// <summary>Timesteps for a batch.</summary>
    /// <param name="sampling">Which timesteps are likely.</param>
    /// <param name="count">N, at least 1.</param>
    /// <param name="timesteps">T: timesteps are 0 to T − 1.</param>
    /// <param name="random">Where they come from.</param>
    /// <returns>Shape <c>[N]</c>, int64, on the CPU.</returns>
    public static Tensor Draw(TimestepSampling sampling, long count, long timesteps, Generator random)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        using var scope = NewDisposeScope();
        var drawn = sampling switch
        {
            LogitNormalTimesteps normal => Floor(Arithmetic.Plus(Arithmetic.Times(randn(count, generator: random), normal.Deviation), normal.Mean).sigmoid()),
            StratifiedTimesteps => Floor(Arithmetic.Over(Arithmetic.Plus(Arithmetic.Range(count, ScalarType.Float32, CPU), rand(count, generator: random)), count)),
            _ => randint(0, timesteps, [count], ScalarType.Int64, generator: random),
        };
        return drawn.MoveToOuterDisposeScope();

        Tensor Floor(Tensor share) => Arithmetic.Clamped(Arithmetic.Times(share, timesteps), 0, timesteps - 1).to(ScalarType.Int64);
    }
}
