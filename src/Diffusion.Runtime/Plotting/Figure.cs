using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Diffusion.Dsl;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Diffusion.Runtime.Plotting;

/// <summary>One look for all plots: panels side by side, drawn at twice the size that screens show.</summary>
internal static class Figure
{
    private const int PanelWidth = 640;
    private const int PanelHeight = 430;
    private const int RowHeight = 23;
    private const float LineWidth = 2.2f;
    private const int PixelsPerPoint = 2;
    private const int LongestLabel = 72;

    // The first that is installed; ScottPlot's own choice has serifs on some systems.
    private static readonly string[] Fonts = ["Inter", "Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial"];

    private static readonly Color Ink = Color.FromHex("#2b2b2b");

    // Okabe and Ito's palette without its yellow: colours that colour-blind readers tell apart.
    private static readonly Color[] Palette = [.. new[] { "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#555555" }.Select(Color.FromHex)];

    private static readonly LinePattern[] Patterns = [LinePattern.Solid, LinePattern.Dashed, LinePattern.Dotted];

    /// <summary>The colour of the i-th thing that is compared.</summary>
    public static Color ColorOf(int index) => Palette[index % Palette.Length];

    /// <summary>The line of the i-th thing that is compared: solid until the colours are used up.</summary>
    public static LinePattern PatternOf(int index) => Patterns[index / Palette.Length % Patterns.Length];

    /// <summary>A text that fits into a legend.</summary>
    public static string Short(string text) => text.Length <= LongestLabel ? text : text[..(LongestLabel - 1)] + "…";

    /// <summary>An empty panel.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="across">The label of the horizontal axis.</param>
    /// <param name="upwards">The label of the vertical axis.</param>
    public static Plot Panel(string title, string across, string upwards)
    {
        var plot = new Plot();
        if (SKFontManager.Default.FontFamilies is var installed && Array.Find(Fonts, installed.Contains) is { } font)
        {
            plot.Font.Set(font);
        }

        plot.Title(title, 17);
        plot.XLabel(across, 15);
        plot.YLabel(upwards, 15);
        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.Label.Bold = false;
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = 13;
        plot.Axes.Bottom.MinorTickStyle.Length = 0;
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { LabelFormatter = value => value.ToString("0.###", CultureInfo.InvariantCulture), IntegerTicksOnly = true };
        plot.Axes.Color(Ink);
        plot.Axes.Frame(false);
        plot.Axes.Left.FrameLineStyle.IsVisible = plot.Axes.Bottom.FrameLineStyle.IsVisible = true;
        plot.Grid.MajorLineColor = Color.FromHex("#e4e4e4");
        return plot;
    }

    /// <summary>A line through the points that are finite.</summary>
    /// <param name="plot">The panel.</param>
    /// <param name="across">Where the points are.</param>
    /// <param name="upwards">How high they are.</param>
    /// <param name="color">The line's colour.</param>
    /// <param name="pattern">The line's dashes.</param>
    /// <param name="below">How many lines may come to lie on this one: it is wider, and stays visible under them. −1: no, and without markers.</param>
    /// <param name="joined">Whether there is a line at all, or markers alone.</param>
    public static void Line(Plot plot, IReadOnlyList<double> across, IReadOnlyList<double> upwards, Color color, LinePattern pattern, int below = -1, bool joined = true)
    {
        var shown = across.Zip(upwards).Where(point => double.IsFinite(point.Second)).ToArray();
        if (shown.Length == 0)
        {
            return;
        }

        var line = plot.Add.Scatter(shown.Select(point => point.First).ToArray(), shown.Select(point => point.Second).ToArray(), color);
        line.LinePattern = pattern;
        line.LineWidth = LineWidth + (0.7f * Math.Clamp(below, 0, 5));
        line.MarkerSize = below < 0 ? 0 : line.LineWidth + 3;
        if (!joined)
        {
            line.MarkerSize += 3;
            line.LineWidth = 0;
        }
    }

    /// <summary>Puts a legend below the panel, where it covers nothing.</summary>
    /// <param name="plot">The panel.</param>
    /// <param name="items">Its rows, one below the other.</param>
    public static void Legend(Plot plot, IEnumerable<LegendItem> items)
    {
        plot.Legend.ManualItems = [.. items];
        plot.Legend.Orientation = Orientation.Vertical;
        plot.Legend.OutlineStyle.IsVisible = false;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.BackgroundColor = Colors.Transparent;
        plot.Legend.FontSize = 14;
        plot.Legend.SymbolWidth = 34;
        plot.Legend.FontColor = Ink;
        plot.ShowLegend(Edge.Bottom);
    }

    /// <summary>A row of a legend.</summary>
    public static LegendItem Item(string text, Color color, LinePattern pattern, bool joined = true) => joined
        ? new() { LabelText = Short(text), LineColor = color, LineWidth = LineWidth, LinePattern = pattern }
        : new() { LabelText = Short(text), LineWidth = 0, MarkerFillColor = color, MarkerLineColor = color, MarkerSize = 8, MarkerShape = MarkerShape.FilledCircle };

    /// <summary>Writes panels side by side; the extension names the format.</summary>
    /// <param name="path">Where to write.</param>
    /// <param name="rows">How many rows the longest legend has.</param>
    /// <param name="panels">The panels, from left to right.</param>
    /// <exception cref="DiffusionException">DIF0560: unknown extension. DIF0563: the file cannot be written.</exception>
    public static void Save(string path, int rows, params Plot[] panels) => Drawn(rows, panels).Save(path);

    private static Image Drawn(int rows, Plot[] panels)
    {
        var height = PanelHeight + (RowHeight * rows);
        var info = new SKImageInfo(PanelWidth * panels.Length * PixelsPerPoint, height * PixelsPerPoint, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var surface = SKSurface.Create(info);
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(PixelsPerPoint);
        for (var i = 0; i < panels.Length; i++)
        {
            panels[i].Layout.Fixed(new PixelPadding(left: 78, right: 22, bottom: 84 + (RowHeight * rows), top: 50));
            panels[i].RenderManager.ClearCanvasBeforeEachRender = false;
            panels[i].Render(surface.Canvas, new PixelRect(PanelWidth * i, PanelWidth * (i + 1), height, 0));
        }

        using var pixels = surface.PeekPixels();
        var four = pixels.GetPixelSpan<byte>();
        var three = new byte[info.Width * info.Height * 3];
        for (int from = 0, to = 0; to < three.Length; from += 4, to += 3)
        {
            four.Slice(from, 3).CopyTo(three.AsSpan(to));
        }

        return new Image(info.Width, info.Height, 3, three);
    }
}
