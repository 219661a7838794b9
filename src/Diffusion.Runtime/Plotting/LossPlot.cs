using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Runtime.Plotting;

/// <summary>The loss by step with a moving mean, plain and on a logarithmic axis.</summary>
internal static class LossPlot
{
    private const int MostPoints = 2000;

    public static void Save(string path, IEnumerable<double> steps, IEnumerable<double> losses)
    {
        var across = steps.ToArray();
        var loss = losses.ToArray();
        var window = Math.Max(1, loss.Length / 40);
        var every = Math.Max(1, loss.Length / MostPoints);
        var smooth = Smooth(loss, window);
        var shown = Enumerable.Range(0, loss.Length).Where(i => i % every == 0 || i == loss.Length - 1).ToArray();
        var plot = new LinePlot("Loss", "step", "loss")
            .Line("each step", shown.Select(i => across[i]), shown.Select(i => loss[i]))
            .Line(FormattableString.Invariant($"mean of {window}"), shown.Select(i => across[i]), shown.Select(i => smooth[i]));
        LinePlot.Save(path, plot, plot.WithTitle("Loss, logarithmic").WithLogUpwards());
    }

    private static double[] Smooth(double[] values, int window)
    {
        var means = new double[values.Length];
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            sum += values[i] - (i >= window ? values[i - window] : 0);
            means[i] = sum / Math.Min(i + 1, window);
        }

        return means;
    }
}
