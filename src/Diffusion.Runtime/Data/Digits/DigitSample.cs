namespace Diffusion.Runtime.Data.Digits;

/// <summary>One labelled picture of a digit.</summary>
/// <param name="Label">The digit, 0 to 9.</param>
/// <param name="Image">28 x 28 gray, white strokes on black.</param>
public sealed record DigitSample(int Label, Image Image);
