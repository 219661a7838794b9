using System.Collections.Generic;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Plotting;

/// <summary>One line of a <see cref="LinePlot"/>.</summary>
/// <param name="Label">Its name in the legend.</param>
/// <param name="Across">Where its points are.</param>
/// <param name="Upwards">How high they are; points that are not finite, or have no other number, are left out.</param>
public sealed record PlotLine(string Label, EquatableArray<double> Across, EquatableArray<double> Upwards)
{
    /// <summary>How its points are shown.</summary>
    public PlotStyle Style { get; init; } = PlotStyle.Curve;

    /// <summary>The same line with another name.</summary>
    /// <param name="label">Its name in the legend.</param>
    public PlotLine WithLabel(string label) => this with { Label = label };

    /// <summary>The same line with its points elsewhere on the horizontal axis.</summary>
    /// <param name="across">Where its points are.</param>
    public PlotLine WithAcross(IEnumerable<double> across) => this with { Across = across.ToEquatableArray() };

    /// <summary>The same line with its points at other heights.</summary>
    /// <param name="upwards">How high they are.</param>
    public PlotLine WithUpwards(IEnumerable<double> upwards) => this with { Upwards = upwards.ToEquatableArray() };

    /// <summary>The same line with its points shown otherwise.</summary>
    /// <param name="style">How its points are shown.</param>
    public PlotLine WithStyle(PlotStyle style) => this with { Style = style };
}
