namespace Diffusion.Runtime.Plotting;

/// <summary>How the points of a <see cref="PlotLine"/> are shown.</summary>
public enum PlotStyle
{
    /// <summary>Joined by a line, without marks: for many points.</summary>
    Curve,

    /// <summary>Marked, and joined by a line: for a few points in a row.</summary>
    Marked,

    /// <summary>Marked alone: for measured points, with a curve under them.</summary>
    Points,
}
