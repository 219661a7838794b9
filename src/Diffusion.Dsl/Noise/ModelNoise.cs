using System.Linq;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>The σ that a network was trained with, by timestep, and the timestep of any σ: both interpolated as diffusers does it.</summary>
/// <param name="curve">A curve whose ᾱ is nowhere 0.</param>
internal sealed class ModelNoise(NoiseCurve curve)
{
    private readonly double[] _sigmas = Enumerable.Range(0, curve.Count).Select(curve.Sigma).ToArray();

    // float32, as numpy keeps the logarithm of a float32 array.
    private readonly double[] _logs = Enumerable.Range(0, curve.Count).Select(t => (double)(float)Log(curve.Sigma(t))).ToArray();

    public double Smallest => _sigmas[0];

    public double Largest => _sigmas[_sigmas.Length - 1];

    /// <summary>σ at a timestep that need not be whole; beyond the ends the end's.</summary>
    public double At(double timestep)
    {
        if (timestep <= 0 || timestep >= _sigmas.Length - 1)
        {
            return timestep <= 0 ? Smallest : Largest;
        }

        var below = (int)Floor(timestep);
        return _sigmas[below] + ((_sigmas[below + 1] - _sigmas[below]) * (timestep - below));
    }

    /// <summary>The timestep of σ, interpolated in log σ; within [0, T − 1].</summary>
    public double TimestepOf(double sigma)
    {
        var log = Log(Max(sigma, 1e-10));
        // The last that is not above, in float32: with zero terminal SNR the levels before the last exceed it.
        var low = Min(Max(System.Array.FindLastIndex(_logs, known => known <= (float)log), 0), _logs.Length - 2);
        var weight = Min(Max((_logs[low] - log) / (_logs[low] - _logs[low + 1]), 0), 1);
        return ((1 - weight) * low) + (weight * (low + 1));
    }

    /// <summary>How many of the noisiest timesteps have λ below <paramref name="lambda"/>.</summary>
    public int CountBelow(double lambda) => double.IsNegativeInfinity(lambda) ? 0 : _sigmas.Count(sigma => -Log(sigma) < lambda);
}
