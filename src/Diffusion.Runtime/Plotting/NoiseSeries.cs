using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Plotting;

/// <summary>The numbers of one noise schedule that a plot or a table shows, by training timestep.</summary>
/// <param name="Label">The schedule's text.</param>
/// <param name="Timesteps">t, 0 to T − 1.</param>
/// <param name="AlphaBars">ᾱ_t.</param>
/// <param name="Signal">√ᾱ_t.</param>
/// <param name="Noise">√(1 − ᾱ_t).</param>
/// <param name="LogSnr">log(ᾱ_t / (1 − ᾱ_t)); −∞ where nothing of the signal is left.</param>
internal sealed record NoiseSeries(string Label, double[] Timesteps, double[] AlphaBars, double[] Signal, double[] Noise, double[] LogSnr)
{
    /// <summary>The first t with more noise than signal, ᾱ_t &lt; ½; null: there is none.</summary>
    public int? Crossing => System.Array.FindIndex(AlphaBars, alphaBar => alphaBar < 0.5) is var t && t < 0 ? null : t;

    /// <param name="noise">The schedule.</param>
    /// <exception cref="DiffusionException">DIF0203, DIF0204: a β or T is out of range.</exception>
    public static NoiseSeries Of(NoiseSchedule noise)
    {
        var curve = Checked.Spec(noise, sampler: null).Noise.Curve();
        var levels = Enumerable.Range(0, curve.Count).Select(t => NoiseLevel.OfAlphaBar(curve.AlphaBar(t))).ToArray();
        return new(
            noise.ToString(),
            Enumerable.Range(0, curve.Count).Select(t => (double)t).ToArray(),
            Enumerable.Range(0, curve.Count).Select(curve.AlphaBar).ToArray(),
            levels.Select(level => level.Alpha).ToArray(),
            levels.Select(level => level.Sigma).ToArray(),
            levels.Select(level => 2 * level.Lambda).ToArray());
    }
}
