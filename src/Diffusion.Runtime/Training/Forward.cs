using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// The forward process of Ho, Jain and Abbeel (2020), arXiv:2006.11239, walked and jumped: one step of the chain, one whole path, independent draws of
/// every x_t, and the proof that walking and jumping are the same.
/// </summary>
/// <remarks>
/// <para>Eq. (2): q(x_t | x_{t−1}) = N(√(1 − β_t) x_{t−1}, β_t I), one step. Eq. (4): q(x_t | x_0) = N(√ᾱ_t x_0, (1 − ᾱ_t) I) with
/// ᾱ_t = ∏_{i≤t} (1 − β_i): the variance is 1 − ᾱ_t (not its root), the product ends at t (not at T).</para>
/// <para><see cref="ForwardProcess"/> jumps a batch to timesteps of its own.</para>
/// </remarks>
public static partial class Forward
{
    /// <summary>One step of the chain, Eq. (2): x_t = √(1 − β_t) x_{t−1} + √β_t ε.</summary>
    /// <param name="curve">β_t of the noise schedule.</param>
    /// <param name="previous">x_{t−1}, any shape, floating point, any device; x_0 where t = 0.</param>
    /// <param name="timestep">t, 0 to T − 1.</param>
    /// <param name="noise">ε, of the same shape, type and device.</param>
    /// <returns>x_t, a new tensor.</returns>
    /// <exception cref="DiffusionException">DIF0410: shapes do not match. DIF0412: the timestep is outside training.</exception>
    public static Tensor Step(NoiseCurve curve, Tensor previous, int timestep, Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentNullException.ThrowIfNull(previous);
        ArgumentNullException.ThrowIfNull(noise);
        Check(curve, timestep);
        if (!noise.shape.SequenceEqual(previous.shape))
            throw Rules.InputShape.Error("the noise", Shape(noise), "the forward process", Shape(previous), "draw noise of the sample's shape");

        var beta = curve.Beta(timestep);
        using var scope = NewDisposeScope();
        return Arithmetic.Mix(Math.Sqrt(1 - beta), previous, Math.Sqrt(beta), noise).MoveToOuterDisposeScope();
    }

    /// <summary>One path of the chain: every state comes from the one before, so neighbours show the same noise growing.</summary>
    /// <param name="schedule">How noisy each timestep is.</param>
    /// <param name="clean">x_0, any shape, float32 on the CPU, range [-1, 1].</param>
    /// <param name="seed">Seeds the noise.</param>
    /// <param name="timesteps">Which states to keep, each 0 to T − 1, in this order; none: ten, from T − 1 down by T/10.</param>
    /// <returns>The states, which belong to the caller.</returns>
    /// <exception cref="DiffusionException">DIF0412: a timestep is outside training.</exception>
    public static ForwardStates Trajectory(NoiseSchedule schedule, Tensor clean, long seed, params int[] timesteps)
    {
        var (curve, kept) = Prepare(schedule, clean, timesteps);
        using var scope = NewDisposeScope();
        using var random = new Generator((ulong)seed);
        var states = zeros([kept.Length, .. clean.shape], clean.dtype);
        var state = clean;
        for (var timestep = 0; timestep <= kept.Max(); timestep++)
        {
            using var noise = randn(clean.shape, generator: random);
            var next = Step(curve, state, timestep, noise);
            if (timestep > 0)
                state.Dispose();
            state = next;
            for (var i = 0; i < kept.Length; i++)
            {
                if (kept[i] == timestep)
                    states[i].copy_(state);
            }
        }

        return new ForwardStates(schedule, kept.ToEquatableArray(), states.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Independent draws, each by one jump of Eq. (4) with noise of its own: every state alone is distributed as that of a path, but they do not
    /// correspond. This is what the diffusion course's row of ten pictures shows.
    /// </summary>
    /// <param name="schedule">How noisy each timestep is.</param>
    /// <param name="clean">x_0, any shape, float32 on the CPU, range [-1, 1].</param>
    /// <param name="seed">Seeds the noise.</param>
    /// <param name="timesteps">Which states to draw, each 0 to T − 1, in this order; none: ten, from T − 1 down by T/10.</param>
    /// <returns>The states, which belong to the caller.</returns>
    /// <exception cref="DiffusionException">DIF0412: a timestep is outside training.</exception>
    public static ForwardStates Marginals(NoiseSchedule schedule, Tensor clean, long seed, params int[] timesteps)
    {
        var (curve, kept) = Prepare(schedule, clean, timesteps);
        using var scope = NewDisposeScope();
        using var random = new Generator((ulong)seed);
        var states = kept.Select(timestep =>
        {
            var level = NoiseLevel.OfAlphaBar(curve.AlphaBar(timestep));
            return Arithmetic.Mix(level.Alpha, clean, level.Sigma, randn(clean.shape, generator: random));
        }).ToArray();
        return new ForwardStates(schedule, kept.ToEquatableArray(), stack(states).MoveToOuterDisposeScope());
    }

    /// <summary>The correlation of two states of one path, given x_0: √(ᾱ_t/ᾱ_s) √((1 − ᾱ_s)/(1 − ᾱ_t)) for s ≤ t. That of independent draws is 0.</summary>
    /// <param name="curve">ᾱ_t of the noise schedule.</param>
    /// <param name="one">A timestep, 0 to T − 1.</param>
    /// <param name="other">Another, in any order.</param>
    /// <exception cref="DiffusionException">DIF0412: a timestep is outside training.</exception>
    public static double Correlation(NoiseCurve curve, int one, int other)
    {
        ArgumentNullException.ThrowIfNull(curve);
        Check(curve, one);
        Check(curve, other);
        var (early, late) = (curve.AlphaBar(Math.Min(one, other)), curve.AlphaBar(Math.Max(one, other)));
        return Math.Sqrt(late / early * (1 - early) / (1 - late));
    }

    private static (NoiseCurve Curve, int[] Kept) Prepare(NoiseSchedule schedule, Tensor clean, int[] timesteps)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(clean);
        ArgumentNullException.ThrowIfNull(timesteps);
        var curve = schedule.Curve();
        var kept = timesteps.Length > 0 ? timesteps : [.. Enumerable.Range(0, 10).Select(i => curve.Count - 1 - (i * curve.Count / 10))];
        foreach (var timestep in kept)
            Check(curve, timestep);

        return (curve, kept);
    }

    private static void Check(NoiseCurve curve, int timestep)
    {
        if (timestep < 0 || timestep >= curve.Count)
            throw Rules.IndexOutOfTable.Error("the timestep", timestep, $"{curve.Count} timesteps", curve.Count - 1);
    }

    private static string Shape(Tensor tensor) => "[" + string.Join(", ", tensor.shape) + "]";
}
