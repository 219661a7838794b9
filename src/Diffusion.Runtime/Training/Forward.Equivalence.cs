using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <content>Whether many small steps are one jump.</content>
public static partial class Forward
{
    private const int EquivalenceElements = 64;
    private const int EquivalenceTimesteps = 100;

    /// <summary>
    /// Walks the chain with noise ε_0 … ε_t that is kept, then jumps once with ε̄ = Σ_s √β_s √(ᾱ_t/ᾱ_s) ε_s / √(1 − ᾱ_t), and compares at a hundred
    /// timesteps from the first to the last; in float64 and in float32.
    /// </summary>
    /// <remarks>
    /// Unrolling Eq. (2) gives x_t = √ᾱ_t x_0 + Σ_s √β_s √(ᾱ_t/ᾱ_s) ε_s. The sum is Gaussian, and the squares of its weights sum to
    /// Σ_s (1 − α_s) ∏_{s&lt;i≤t} α_i = 1 − ᾱ_t, a telescope: so ε̄ ~ N(0, I), which is Eq. (4). ᾱ is here the exact product, not rounded to float32.
    /// </remarks>
    /// <param name="schedule">How noisy each timestep is.</param>
    /// <param name="seed">Seeds x_0 and the noise.</param>
    public static ForwardEquivalence Equivalence(NoiseSchedule schedule, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        Native.LibTorch.Require();
        var curve = schedule.Curve();
        var betas = Enumerable.Range(0, curve.Count).Select(curve.Beta).ToArray();
        var combinations = Combinations(betas);
        using var scope = NewDisposeScope();
        using var random = new Generator((ulong)seed);
        var clean = randn([EquivalenceElements], ScalarType.Float64, generator: random);
        var noise = randn([betas.Length, EquivalenceElements], ScalarType.Float64, generator: random);
        return new ForwardEquivalence(
            schedule,
            combinations.Max(combination => Math.Abs(combination.Value.Weights.Sum(weight => weight * weight) - (1 - combination.Value.AlphaBar))),
            Compare(betas, combinations, clean, noise),
            Compare(betas, combinations, clean.to(ScalarType.Float32), noise.to(ScalarType.Float32)));
    }

    // For some t: ᾱ_t, and the weights √β_s √(ᾱ_t/ᾱ_s) of s = 0 … t. A step multiplies all weights by √α_t and appends √β_t.
    private static Dictionary<int, (double AlphaBar, double[] Weights)> Combinations(double[] betas)
    {
        var kept = Enumerable.Range(0, EquivalenceTimesteps).Select(i => (int)((long)i * (betas.Length - 1) / (EquivalenceTimesteps - 1))).ToHashSet();
        var combinations = new Dictionary<int, (double, double[])>();
        var weights = new double[betas.Length];
        var alphaBar = 1.0;
        for (var t = 0; t < betas.Length; t++)
        {
            alphaBar *= 1 - betas[t];
            for (var s = 0; s < t; s++)
                weights[s] *= Math.Sqrt(1 - betas[t]);
            weights[t] = Math.Sqrt(betas[t]);
            if (kept.Contains(t))
                combinations[t] = (alphaBar, weights[..(t + 1)]);
        }

        return combinations;
    }

    // The largest difference between walking and jumping, in the type of the noise.
    private static double Compare(double[] betas, Dictionary<int, (double AlphaBar, double[] Weights)> combinations, Tensor clean, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var (state, worst) = (clean, 0.0);
        for (var t = 0; t < betas.Length; t++)
        {
            state = Arithmetic.Mix(Math.Sqrt(1 - betas[t]), state, Math.Sqrt(betas[t]), noise[t]);
            if (!combinations.TryGetValue(t, out var combination))
                continue;

            var deviation = Math.Sqrt(1 - combination.AlphaBar);
            var weights = tensor(combination.Weights.Select(weight => weight / deviation).ToArray()).to(noise.dtype);
            var combined = weights.unsqueeze(0).matmul(noise[..(t + 1)])[0];
            var jumped = Arithmetic.Mix(Math.Sqrt(combination.AlphaBar), clean, deviation, combined);
            worst = Math.Max(worst, (state - jumped).abs().max().to(ScalarType.Float64).item<double>());
        }

        return worst;
    }
}
