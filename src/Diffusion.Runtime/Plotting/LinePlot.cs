using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using ScottPlot;

namespace Diffusion.Runtime.Plotting;

/// <summary>Lines in one pair of axes, in the look of the library's other plots: losses by step, or what samplers reach by evaluations.</summary>
/// <param name="Title">What the plot shows.</param>
/// <param name="AcrossLabel">The label of the horizontal axis.</param>
/// <param name="UpwardsLabel">The label of the vertical axis.</param>
public sealed record LinePlot(string Title, string AcrossLabel, string UpwardsLabel)
{
    private const int OneColumn = 4;

    /// <summary>The lines; a later one lies over an earlier one.</summary>
    public EquatableArray<PlotLine> Lines { get; init; } = [];

    /// <summary>Whether the horizontal axis is logarithmic; points at 0 or below are then left out.</summary>
    public bool LogAcross { get; init; }

    /// <summary>Whether the vertical axis is logarithmic; points at 0 or below are then left out.</summary>
    public bool LogUpwards { get; init; }

    /// <summary>The same plot with another title.</summary>
    /// <param name="title">What the plot shows.</param>
    public LinePlot WithTitle(string title) => this with { Title = title };

    /// <summary>The same plot with another label of the horizontal axis.</summary>
    /// <param name="label">The label.</param>
    public LinePlot WithAcrossLabel(string label) => this with { AcrossLabel = label };

    /// <summary>The same plot with another label of the vertical axis.</summary>
    /// <param name="label">The label.</param>
    public LinePlot WithUpwardsLabel(string label) => this with { UpwardsLabel = label };

    /// <summary>One line more.</summary>
    /// <param name="label">Its name in the legend.</param>
    /// <param name="across">Where its points are.</param>
    /// <param name="upwards">How high they are; points that are not finite, or have no other number, are left out.</param>
    /// <param name="style">How its points are shown.</param>
    public LinePlot Line(string label, IEnumerable<double> across, IEnumerable<double> upwards, PlotStyle style = PlotStyle.Curve) =>
        WithLines(Lines.Append(new PlotLine(label, across.ToEquatableArray(), upwards.ToEquatableArray()).WithStyle(style)));

    /// <summary>The same axes with other lines.</summary>
    /// <param name="lines">The lines.</param>
    public LinePlot WithLines(IEnumerable<PlotLine> lines) => this with { Lines = lines.ToEquatableArray() };

    /// <summary>The same plot with a linear or logarithmic horizontal axis.</summary>
    /// <param name="log">Whether it is logarithmic.</param>
    public LinePlot WithLogAcross(bool log = true) => this with { LogAcross = log };

    /// <summary>The same plot with a linear or logarithmic vertical axis.</summary>
    /// <param name="log">Whether it is logarithmic.</param>
    public LinePlot WithLogUpwards(bool log = true) => this with { LogUpwards = log };

    /// <summary>Draws the plot into a file, which appears whole or not at all; a missing folder is created.</summary>
    /// <param name="path">Where to write: <c>.png</c>, <c>.webp</c>, <c>.jpg</c> or <c>.jpeg</c>.</param>
    /// <exception cref="DiffusionException">DIF0560: unknown extension. DIF0563: the file cannot be written.</exception>
    public void Save(string path) => Save(path, this);

    /// <summary>Draws plots side by side; as <see cref="Save(string)"/>.</summary>
    /// <param name="path">Where to write.</param>
    /// <param name="plots">At least one, from left to right.</param>
    /// <exception cref="DiffusionException">DIF0560: unknown extension. DIF0563: the file cannot be written.</exception>
    public static void Save(string path, params LinePlot[] plots)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfZero(plots.Length);
        Figure.Save(path, Rows(plots.Max(plot => plot.Lines.Count)), [.. plots.Select(plot => plot.Panel())]);
    }

    // A legend that is higher than its room takes a second column.
    private static int Rows(int lines) => lines <= OneColumn ? Math.Max(1, lines) : Math.Max(OneColumn, (lines + 2) / 2);

    private Plot Panel()
    {
        var panel = Figure.Panel(Title, AcrossLabel, UpwardsLabel);
        var across = PlotAxis.Of(LogAcross, Lines.SelectMany(line => line.Across));
        var upwards = PlotAxis.Of(LogUpwards, Lines.SelectMany(line => line.Upwards));
        for (var i = 0; i < Lines.Count; i++)
        {
            var points = Lines[i].Across.Select(across.Position).Zip(Lines[i].Upwards.Select(upwards.Position)).Where(point => double.IsFinite(point.First)).ToArray();
            var (color, pattern, style) = (Figure.ColorOf(i), Figure.PatternOf(i), Lines[i].Style);
            Figure.Line(panel, [.. points.Select(point => point.First)], [.. points.Select(point => point.Second)], color, pattern, below: style == PlotStyle.Curve ? -1 : 1, joined: style != PlotStyle.Points);
        }

        across.ApplyTo(panel.Axes.Bottom);
        upwards.ApplyTo(panel.Axes.Left);
        Figure.Legend(panel, Lines.Select((line, i) => Figure.Item(line.Label, Figure.ColorOf(i), Figure.PatternOf(i), line.Style != PlotStyle.Points)));
        return panel;
    }
}
