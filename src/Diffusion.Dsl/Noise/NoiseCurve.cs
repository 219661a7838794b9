using System;
using System.Linq;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>β_t and ᾱ_t of a <see cref="NoiseSchedule"/>, for every training timestep.</summary>
/// <remarks>
/// <para>
/// Checkpoints are trained on curves that diffusers computes in float32: β rounded, 1 − β rounded, the running product accumulated in double
/// and each ᾱ_t rounded (as libtorch's cumprod does on a CPU). At the noisy end this matters: 1 − 0.999f is 4.7e-5 away from 0.001. The curve is
/// therefore rounded exactly there; everything derived from it is computed in double.
/// </para>
/// <para>Parity target: <c>betas</c> and <c>alphas_cumprod</c> of diffusers' DDPMScheduler.</para>
/// </remarks>
public sealed class NoiseCurve
{
    private readonly float[] _betas;
    private readonly float[] _alphaBars;

    private NoiseCurve(float[] betas, float[] alphaBars) => (_betas, _alphaBars) = (betas, alphaBars);

    /// <summary>T, the number of training timesteps.</summary>
    public int Count => _betas.Length;

    /// <summary>β_t.</summary>
    /// <param name="timestep">t, 0 to T − 1.</param>
    public double Beta(int timestep) => _betas[timestep];

    /// <summary>ᾱ_t = ∏_{i≤t} (1 − β_i).</summary>
    /// <param name="timestep">t, 0 to T − 1.</param>
    public double AlphaBar(int timestep) => _alphaBars[timestep];

    /// <summary>The signal-to-noise ratio ᾱ_t / (1 − ᾱ_t).</summary>
    /// <param name="timestep">t, 0 to T − 1.</param>
    public double Snr(int timestep) => AlphaBar(timestep) / (1 - AlphaBar(timestep));

    /// <summary>√((1 − ᾱ_t) / ᾱ_t), rounded to float32 as diffusers keeps it: the noise level where the signal has scale 1.</summary>
    /// <param name="timestep">t, 0 to T − 1.</param>
    public double Sigma(int timestep) => (float)Sqrt((float)((1f - _alphaBars[timestep]) / _alphaBars[timestep]));

    /// <summary>The curve of <paramref name="schedule"/>.</summary>
    /// <param name="schedule">A valid schedule.</param>
    public static NoiseCurve Of(NoiseSchedule schedule)
    {
        var betas = schedule.TrainedBetas.IsEmpty
            ? Betas(schedule)
            : schedule.TrainedBetas.Select(beta => (float)beta).ToArray();
        betas = schedule.ZeroTerminalSnr ? RescaledToZeroTerminalSnr(betas) : betas;
        return new NoiseCurve(betas, CumulativeProduct(betas));
    }

    /// <summary>
    /// The curve for samplers that divide by the signal: where it ends at ᾱ = 0 it ends at 2⁻²⁴, so that σ stays finite (as diffusers does).
    /// </summary>
    /// <param name="schedule">A valid schedule.</param>
    public static NoiseCurve FiniteOf(NoiseSchedule schedule)
    {
        var curve = Of(schedule);
        if (!schedule.ZeroTerminalSnr)
        {
            return curve;
        }

        var alphaBars = (float[])curve._alphaBars.Clone();
        alphaBars[alphaBars.Length - 1] = 1f / (1 << 24);
        return new NoiseCurve(curve._betas, alphaBars);
    }

    private static float[] Betas(NoiseSchedule schedule)
    {
        var (start, end, count) = (schedule.BetaStart, schedule.BetaEnd, schedule.TrainTimesteps);
        return schedule.Schedule switch
        {
            BetaSchedule.Linear => Spread.EvenSingle(start, end, count),
            BetaSchedule.ScaledLinear => Spread.EvenSingle(Sqrt(start), Sqrt(end), count).Select(root => root * root).ToArray(),
            BetaSchedule.Sigmoid => Spread.EvenSingle(-6, 6, count).Select(x => ((float)(1 / (1 + Exp(-x))) * (float)(end - start)) + (float)start).ToArray(),
            BetaSchedule.Exponential => Capped(count, time => Exp(-12 * time)),
            _ => Capped(count, CosineAlphaBar),
        };
    }

    private static float[] Capped(int count, Func<double, double> alphaBar) =>
        Enumerable.Range(0, count).Select(t => (float)Min(1 - (alphaBar((t + 1.0) / count) / alphaBar((double)t / count)), 0.999)).ToArray();

    /// <summary>f(t) of arXiv:2102.09672, Eq. (17), with s = 0.008.</summary>
    private static double CosineAlphaBar(double time) => Pow(Cos((time + 0.008) / 1.008 * PI / 2), 2);

    private static float[] CumulativeProduct(float[] betas)
    {
        var product = 1.0;
        return Array.ConvertAll(betas, beta => (float)(product *= 1f - beta));
    }

    /// <summary>arXiv:2305.08891, algorithm 1: shift √ᾱ so that it ends at 0, scale it so that it starts where it did.</summary>
    private static float[] RescaledToZeroTerminalSnr(float[] betas)
    {
        var roots = Array.ConvertAll(CumulativeProduct(betas), alphaBar => (float)Sqrt(alphaBar));
        var (first, last) = (roots[0], roots[roots.Length - 1]);
        var alphaBars = Array.ConvertAll(roots, root =>
        {
            var shifted = (root - last) * (first / (first - last));
            return shifted * shifted;
        });
        return alphaBars.Select((alphaBar, t) => 1f - (t == 0 ? alphaBar : alphaBar / alphaBars[t - 1])).ToArray();
    }
}
