namespace Diffusion.Runtime.Data.Digits;

/// <summary>A point of the unit square: x to the right, y down.</summary>
internal readonly record struct StrokePoint(double X, double Y);
