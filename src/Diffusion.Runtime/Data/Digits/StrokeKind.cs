namespace Diffusion.Runtime.Data.Digits;

/// <summary>How the points of a stroke are joined.</summary>
internal enum StrokeKind
{
    /// <summary>Straight lines with corners.</summary>
    Straight,

    /// <summary>A smooth curve from the first point to the last.</summary>
    Open,

    /// <summary>A smooth curve that returns to its first point.</summary>
    Closed,
}
