using System;
using System.IO;
using System.Linq;
using System.Text;
using Diffusion.Runtime.Files;
using Diffusion.Runtime.Plotting;
using ScottPlot;

// In the namespace of the definitions, so that `using Diffusion.Dsl` is enough.
namespace Diffusion.Dsl;

/// <summary>Draws noise schedules, and writes them as tables.</summary>
public static class NoiseSchedulePlots
{
    /// <summary>
    /// Draws what is left of the signal, √ᾱ_t, and what there is of noise, √(1 − ᾱ_t), by training timestep, and beside it the logarithm of the
    /// signal-to-noise ratio. Further schedules are drawn into the same axes. The file appears whole or not at all; a missing folder is created.
    /// </summary>
    /// <param name="noise">The schedule.</param>
    /// <param name="path">Where to write: <c>.png</c>, <c>.webp</c>, <c>.jpg</c> or <c>.jpeg</c>.</param>
    /// <param name="others">Schedules to compare with; none: the schedule alone.</param>
    /// <exception cref="DiffusionException">An error of a schedule. DIF0560: unknown extension. DIF0563: the file cannot be written.</exception>
    public static void Plot(this NoiseSchedule noise, string path, params NoiseSchedule[] others)
    {
        var all = others.Prepend(noise).Select(NoiseSeries.Of).ToArray();
        var single = all.Length == 1;
        var levels = Figure.Panel(single ? Figure.Short(all[0].Label) : "Signal and noise", "training timestep t", "factor in x = √ᾱ·x₀ + √(1−ᾱ)·ε");
        var snr = Figure.Panel("Signal-to-noise ratio", "training timestep t", "log ᾱ/(1−ᾱ)");
        for (var i = 0; i < all.Length; i++)
        {
            // One schedule alone has a colour for each curve; several have one each.
            Figure.Line(levels, all[i].Timesteps, all[i].Signal, Figure.ColorOf(i), LinePattern.Solid);
            Figure.Line(levels, all[i].Timesteps, all[i].Noise, Figure.ColorOf(single ? 1 : i), single ? LinePattern.Solid : LinePattern.Dashed);
            Figure.Line(snr, all[i].Timesteps, all[i].LogSnr, Figure.ColorOf(i), LinePattern.Solid);
        }

        var last = all.Max(series => series.Timesteps[^1]);
        levels.Axes.SetLimits(-0.02 * last, 1.02 * last, -0.03, 1.05);
        snr.Axes.SetLimitsX(-0.02 * last, 1.02 * last);
        if (single)
        {
            MarkCrossing(levels, snr, all[0]);
            Figure.Legend(levels, [Figure.Item("√ᾱ: signal", Figure.ColorOf(0), LinePattern.Solid), Figure.Item("√(1−ᾱ): noise", Figure.ColorOf(1), LinePattern.Solid)]);
            Figure.Legend(snr, [Figure.Item("log ᾱ/(1−ᾱ)", Figure.ColorOf(0), LinePattern.Solid)]);
        }
        else
        {
            Figure.Legend(levels, [Figure.Item("√ᾱ: signal", Colors.Black, LinePattern.Solid), Figure.Item("√(1−ᾱ): noise", Colors.Black, LinePattern.Dashed)]);
            Figure.Legend(snr, all.Select((series, i) => Figure.Item(series.Label, Figure.ColorOf(i), LinePattern.Solid)));
        }

        Figure.Save(path, Math.Max(2, all.Length), levels, snr);
    }

    /// <summary>
    /// Writes one line for each training timestep: t, β_t, ᾱ_t, √ᾱ_t, √(1 − ᾱ_t), log(ᾱ_t/(1 − ᾱ_t)). Numbers are written such that reading gives the
    /// same bits, with a point and no thousands. The file appears whole or not at all; a missing folder is created.
    /// </summary>
    /// <param name="noise">The schedule.</param>
    /// <param name="path">Where to write.</param>
    /// <exception cref="DiffusionException">An error of the schedule. DIF0514: the file cannot be written.</exception>
    public static void WriteCsv(this NoiseSchedule noise, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var (series, curve) = (NoiseSeries.Of(noise), noise.Curve());
        var text = new StringBuilder("t,beta,alpha_bar,sqrt_alpha_bar,sqrt_one_minus_alpha_bar,log_snr\n");
        for (var t = 0; t < curve.Count; t++)
        {
            text.Append(FormattableString.Invariant($"{t},{curve.Beta(t):R},{series.AlphaBars[t]:R},{series.Signal[t]:R},{series.Noise[t]:R},{series.LogSnr[t]:R}\n"));
        }

        try
        {
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(text.ToString()));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiffusionException(Rules.CheckpointUnwritable.Found(path, e.Message.TrimEnd('.')), e);
        }
    }

    private static void MarkCrossing(Plot levels, Plot snr, NoiseSeries series)
    {
        if (series.Crossing is not { } t)
        {
            return;
        }

        foreach (var panel in new[] { levels, snr })
        {
            var line = panel.Add.VerticalLine(t, 1.2f, Color.FromHex("#8a8a8a"), LinePattern.Dotted);
            line.EnableAutoscale = false;
        }

        var text = levels.Add.Text(FormattableString.Invariant($"ᾱ < ½ from t = {t}"), t + (0.015 * series.Timesteps[^1]), 1.03);
        text.LabelFontSize = 13;
        text.LabelFontColor = Color.FromHex("#5a5a5a");
        text.LabelAlignment = t > 0.7 * series.Timesteps[^1] ? Alignment.UpperRight : Alignment.UpperLeft;
    }
}
