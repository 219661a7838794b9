namespace Diffusion.Runtime.Models;

/// <summary>What a <see cref="DigitClassifier"/> sees in a picture.</summary>
/// <param name="Digit">The likeliest digit, 0 to 9.</param>
/// <param name="Confidence">Its probability, 0.1 to 1.</param>
public sealed record DigitVerdict(int Digit, double Confidence);
