using static System.Math;

namespace Diffusion.Dsl;

/// <summary>How noisy a sample is: x = <see cref="Alpha"/>·x_0 + <see cref="Sigma"/>·ε with ε ~ N(0, I).</summary>
/// <param name="Alpha">The scale of the clean sample, at least 0.</param>
/// <param name="Sigma">The standard deviation of the noise, at least 0.</param>
public sealed record NoiseLevel(double Alpha, double Sigma)
{
    /// <summary>No noise.</summary>
    public static NoiseLevel Clean { get; } = new(1, 0);

    /// <summary>The level of a variance-preserving sample: α = √ᾱ, σ = √(1 − ᾱ).</summary>
    /// <param name="alphaBar">ᾱ in [0, 1].</param>
    public static NoiseLevel OfAlphaBar(double alphaBar) => new(Sqrt(alphaBar), Sqrt(1 - alphaBar));

    /// <summary>The level of a sample that noise was added to without scaling: α = 1.</summary>
    /// <param name="sigma">σ, at least 0.</param>
    public static NoiseLevel Exploding(double sigma) => new(1, sigma);

    /// <summary>The variance-preserving level with the same ratio: α = 1/√(1 + σ²), σ·α.</summary>
    /// <param name="sigma">The ratio σ/α, at least 0.</param>
    public static NoiseLevel Preserving(double sigma)
    {
        var alpha = 1 / Sqrt((sigma * sigma) + 1);
        return new(alpha, sigma * alpha);
    }

    /// <summary>σ/α: the noise level where the clean sample has scale 1.</summary>
    public double Ratio => Sigma / Alpha;

    /// <summary>λ = log α − log σ, half the logarithm of the signal-to-noise ratio (arXiv:2206.00927); +∞ for a clean sample.</summary>
    public double Lambda => Sigma == 0 ? double.PositiveInfinity : Log(Alpha) - Log(Sigma);
}
