using static System.Math;

namespace Diffusion.Dsl;

/// <summary>
/// The network's output m fixes both predictions linearly: x̂_0 = <see cref="P"/> x_t + <see cref="Q"/> m and
/// ε̂ = <see cref="R"/> x_t + <see cref="S"/> m.
/// </summary>
/// <remarks>
/// With α = √ᾱ_t and σ = √(1 − ᾱ_t), so that x_t = α x_0 + σ ε:
/// <list type="bullet">
/// <item><description>ε-prediction: x̂_0 = (x − σ m)/α, ε̂ = m;</description></item>
/// <item><description>x_0-prediction: x̂_0 = m, ε̂ = (x − α m)/σ;</description></item>
/// <item><description>v-prediction: x̂_0 = α x − σ m, ε̂ = σ x + α m (arXiv:2202.00512, appendix D).</description></item>
/// </list>
/// </remarks>
/// <param name="P">The part of x̂_0 along x_t.</param>
/// <param name="Q">The part of x̂_0 along m.</param>
/// <param name="R">The part of ε̂ along x_t.</param>
/// <param name="S">The part of ε̂ along m.</param>
public sealed record PredictionBasis(double P, double Q, double R, double S)
{
    /// <summary>The basis of a network of type <paramref name="prediction"/> where the signal's power is <paramref name="alphaBar"/>.</summary>
    /// <param name="prediction">What the network predicts.</param>
    /// <param name="alphaBar">ᾱ_t in [0, 1]; 0 is refused earlier for ε-prediction (DIF0209).</param>
    public static PredictionBasis Of(PredictionType prediction, double alphaBar)
    {
        var (alpha, sigma) = (Sqrt(alphaBar), Sqrt(1 - alphaBar));
        return prediction switch
        {
            PredictionType.Epsilon => new(1 / alpha, -sigma / alpha, 0, 1),
            PredictionType.Sample => new(0, 1, 1 / sigma, -alpha / sigma),
            _ => new(alpha, -sigma, sigma, alpha),
        };
    }
}
