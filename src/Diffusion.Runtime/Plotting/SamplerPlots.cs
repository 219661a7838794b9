using System;
using System.Linq;
using Diffusion.Runtime.Plotting;

// In the namespace of the definitions, so that `using Diffusion.Dsl` is enough.
namespace Diffusion.Dsl;

/// <summary>Draws the noise levels that samplers visit.</summary>
public static class SamplerPlots
{
    /// <summary>As <see cref="Plot(Scheduler, string, NoiseSchedule, Scheduler[])"/>, on Stable Diffusion's schedule.</summary>
    /// <param name="sampler">The sampler; open options take diffusers' defaults.</param>
    /// <param name="path">Where to write: <c>.png</c>, <c>.webp</c>, <c>.jpg</c> or <c>.jpeg</c>.</param>
    /// <param name="others">Samplers to compare with; none: the sampler alone.</param>
    /// <exception cref="DiffusionException">All errors of a sampler. DIF0560: unknown extension. DIF0563: the file cannot be written.</exception>
    public static void Plot(this Scheduler sampler, string path, params Scheduler[] others) => sampler.Plot(path, NoiseSchedule.StableDiffusion, others);

    /// <summary>
    /// Draws σ before and after every step on a logarithmic scale, where the clean sample stands below the axis's last power of ten, and beside it how
    /// far each step goes in log σ; a step to σ = 0 has no such length. σ is the ratio of noise to signal, whatever the sampler's own scale. The file
    /// appears whole or not at all; a missing folder is created.
    /// </summary>
    /// <param name="sampler">The sampler; open options take diffusers' defaults.</param>
    /// <param name="path">Where to write: <c>.png</c>, <c>.webp</c>, <c>.jpg</c> or <c>.jpeg</c>.</param>
    /// <param name="noise">The noise schedule of the checkpoint.</param>
    /// <param name="others">Samplers to compare with; none: the sampler alone.</param>
    /// <exception cref="DiffusionException">All errors of a sampler. DIF0560: unknown extension. DIF0563: the file cannot be written.</exception>
    public static void Plot(this Scheduler sampler, string path, NoiseSchedule noise, params Scheduler[] others)
    {
        var all = others.Prepend(sampler).Select(one => LevelSeries.Of(one, noise)).ToArray();
        var axis = SigmaAxis.Of(all);
        var levels = Figure.Panel("Noise levels on " + Figure.Short(noise.ToString()), "step", "σ");
        var sizes = Figure.Panel("Step sizes", "step", "|Δ log σ|");
        for (var i = 0; i < all.Length; i++)
        {
            var (color, pattern, steps) = (Figure.ColorOf(i), Figure.PatternOf(i), Enumerable.Range(0, all[i].Sigmas.Length).Select(step => (double)step).ToArray());
            Figure.Line(levels, steps, [.. all[i].Sigmas.Select(axis.Position)], color, pattern, all.Length - 1 - i);
            Figure.Line(sizes, steps[1..], all[i].StepSizes, color, pattern, all.Length - 1 - i);
        }

        var last = all.Max(series => series.Sigmas.Length - 1);
        axis.ApplyTo(levels);
        levels.Axes.SetLimitsX(-0.03 * last, 1.03 * last);
        var largest = all.SelectMany(series => series.StepSizes).Where(double.IsFinite).Append(0).Max();
        sizes.Axes.SetLimits(-0.03 * last, 1.03 * last, -0.03 * largest, largest == 0 ? 1 : 1.05 * largest);
        foreach (var panel in new[] { levels, sizes })
        {
            Figure.Legend(panel, all.Select((series, i) => Figure.Item(series.Label, Figure.ColorOf(i), Figure.PatternOf(i))));
        }

        Figure.Save(path, all.Length, levels, sizes);
    }
}
