using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Diffusion.Runtime.Plotting;

/// <summary>The loss by step, plain and on a logarithmic axis, with a moving mean.</summary>
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
        var plain = Figure.Panel("Loss", "step", "loss");
        var logarithmic = Figure.Panel("Loss, logarithmic", "step", "loss");
        foreach (var (panel, map) in new[] { (plain, new Func<double, double>(value => value)), (logarithmic, value => value > 0 ? Math.Log10(value) : double.NaN) })
        {
            Figure.Line(panel, [.. shown.Select(i => across[i])], [.. shown.Select(i => map(loss[i]))], Figure.ColorOf(4), LinePattern.Solid);
            Figure.Line(panel, [.. shown.Select(i => across[i])], [.. shown.Select(i => map(smooth[i]))], Figure.ColorOf(0), LinePattern.Solid);
            Figure.Legend(panel, [Figure.Item("each step", Figure.ColorOf(4), LinePattern.Solid), Figure.Item(string.Create(CultureInfo.InvariantCulture, $"mean of {window}"), Figure.ColorOf(0), LinePattern.Solid)]);
        }

        // The first steps of a training are often many times as high as all that follows.
        var sorted = smooth.Where(double.IsFinite).Order().ToArray();
        if (sorted.Length > 0)
            plain.Axes.SetLimitsY(0, 1.2 * sorted[(int)(0.97 * (sorted.Length - 1))]);
        logarithmic.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = value => Math.Pow(10, value).ToString("0.####", CultureInfo.InvariantCulture) };
        Figure.Save(path, 2, plain, logarithmic);
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
