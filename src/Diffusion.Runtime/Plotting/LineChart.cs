using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Plotting;
using ScottPlot;
using ScottPlot.TickGenerators;

// In the namespace of the definitions, so that `using Diffusion.Dsl` is enough.
namespace Diffusion.Dsl;

/// <summary>A chart of some curves over one axis, in the look of this library's other pictures: for figures of one's own.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Across">The label of the horizontal axis.</param>
/// <param name="Upwards">The label of the vertical axis.</param>
public sealed record LineChart(string Title, string Across, string Upwards)
{
    /// <summary>The curves, in the order of the legend.</summary>
    public EquatableArray<LineSeries> Series { get; init; } = [];

    /// <summary>Whether the vertical axis is logarithmic; values that are not above 0 are left out.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>The same under another title.</summary>
    /// <param name="title">What it shows.</param>
    public LineChart WithTitle(string title) => this with { Title = title };

    /// <summary>The same with another label of the horizontal axis.</summary>
    /// <param name="across">The label.</param>
    public LineChart WithAcross(string across) => this with { Across = across };

    /// <summary>The same with another label of the vertical axis.</summary>
    /// <param name="upwards">The label.</param>
    public LineChart WithUpwards(string upwards) => this with { Upwards = upwards };

    /// <summary>The same with other curves.</summary>
    /// <param name="series">The curves.</param>
    public LineChart WithSeries(EquatableArray<LineSeries> series) => this with { Series = series };

    /// <summary>The same with a logarithmic vertical axis, or a plain one.</summary>
    /// <param name="isLogarithmic">Whether it is logarithmic.</param>
    public LineChart WithIsLogarithmic(bool isLogarithmic = true) => this with { IsLogarithmic = isLogarithmic };

    /// <summary>The same with one curve more.</summary>
    /// <param name="name">Its name in the legend.</param>
    /// <param name="across">Where the points are, rising.</param>
    /// <param name="upwards">How high they are; those that are not finite are left out.</param>
    /// <exception cref="DiffusionException">DIF0456: there are not as many heights as places.</exception>
    public LineChart With(string name, IEnumerable<double> across, IEnumerable<double> upwards)
    {
        var series = new LineSeries(name, across.ToEquatableArray(), upwards.ToEquatableArray());
        return series.Across.Count == series.Upwards.Count
            ? this with { Series = Series.Append(series).ToEquatableArray() }
            : throw Rules.DataRange.Error("the number of heights of " + name, series.Upwards.Count, series.Across.Count);
    }

    /// <summary>Writes the chart, and others to the right of it. The file appears whole or not at all; a missing folder is created.</summary>
    /// <param name="path">Where to write: <c>.png</c>, <c>.webp</c>, <c>.jpg</c> or <c>.jpeg</c>.</param>
    /// <param name="others">Charts beside it.</param>
    /// <exception cref="DiffusionException">DIF0560: unknown extension. DIF0563: the file cannot be written.</exception>
    public void Save(string path, params LineChart[] others)
    {
        var charts = others.Prepend(this).ToArray();
        Figure.Save(path, charts.Max(chart => chart.Series.Count), [.. charts.Select(chart => chart.Drawn())]);
    }

    private Plot Drawn()
    {
        var panel = Figure.Panel(Title, Across, Upwards);
        for (var i = 0; i < Series.Count; i++)
            Figure.Line(panel, Series[i].Across, [.. Series[i].Upwards.Select(Height)], Figure.ColorOf(i), Figure.PatternOf(i), Series[i].Across.Count <= 40 ? 0 : -1);
        if (IsLogarithmic)
            panel.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = value => Math.Pow(10, value).ToString("0.#####", CultureInfo.InvariantCulture) };
        Figure.Legend(panel, Series.Select((series, i) => Figure.Item(series.Name, Figure.ColorOf(i), Figure.PatternOf(i))));
        return panel;

        double Height(double value) => !IsLogarithmic ? value : value > 0 ? Math.Log10(value) : double.NaN;
    }
}
