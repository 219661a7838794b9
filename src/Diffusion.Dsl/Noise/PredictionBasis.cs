using static System.Math;

namespace Diffusion.Dsl;

/// <summary>
/// The network's output m fixes both predictions linearly: x̂_0 = <see cref="P"/> x + <see cref="Q"/> m and
/// ε̂ = <see cref="R"/> x + <see cref="S"/> m.
/// </summary>
/// <remarks>
/// With x = α x_0 + σ ε and r = √(α² + σ²), which is 1 for variance-preserving samples:
/// <list type="bullet">
/// <item><description>ε-prediction: x̂_0 = (x − σ m)/α, ε̂ = m;</description></item>
/// <item><description>x_0-prediction: x̂_0 = m, ε̂ = (x − α m)/σ;</description></item>
/// <item><description>v-prediction, v = (α ε − σ x_0)/r: x̂_0 = α/r² x − σ/r m, ε̂ = σ/r² x + α/r m (arXiv:2202.00512, appendix D);</description></item>
/// <item><description>flow, m = ε − x_0: x̂_0 = (x − σ m)/(α + σ), ε̂ = (x + α m)/(α + σ) (arXiv:2209.03003, with α + σ = 1).</description></item>
/// </list>
/// </remarks>
/// <param name="P">The part of x̂_0 along x.</param>
/// <param name="Q">The part of x̂_0 along m.</param>
/// <param name="R">The part of ε̂ along x.</param>
/// <param name="S">The part of ε̂ along m.</param>
public sealed record PredictionBasis(double P, double Q, double R, double S)
{
    /// <summary>The basis of a network of type <paramref name="prediction"/> where the signal's power is <paramref name="alphaBar"/>.</summary>
    /// <param name="prediction">What the network predicts.</param>
    /// <param name="alphaBar">ᾱ_t in [0, 1]; 0 is refused earlier for ε-prediction (DIF0209).</param>
    public static PredictionBasis Of(PredictionType prediction, double alphaBar) => Of(prediction, NoiseLevel.OfAlphaBar(alphaBar));

    /// <summary>The basis of a network of type <paramref name="prediction"/> at a noise level.</summary>
    /// <param name="prediction">What the network predicts.</param>
    /// <param name="level">How noisy x is.</param>
    public static PredictionBasis Of(PredictionType prediction, NoiseLevel level)
    {
        var (alpha, sigma) = (level.Alpha, level.Sigma);
        var power = (alpha * alpha) + (sigma * sigma);
        return prediction switch
        {
            PredictionType.Epsilon => new(1 / alpha, -sigma / alpha, 0, 1),
            PredictionType.Sample => new(0, 1, 1 / sigma, -alpha / sigma),
            PredictionType.Flow => new(1 / (alpha + sigma), -sigma / (alpha + sigma), 1 / (alpha + sigma), alpha / (alpha + sigma)),
            _ => new(alpha / power, -sigma / Sqrt(power), sigma / power, alpha / Sqrt(power)),
        };
    }

    /// <summary>
    /// The basis of a network with the preconditioning of arXiv:2206.00364, table 1, where the clean sample has scale 1: x̂_0 = c_skip x + c_out m with
    /// c_skip = σ_data²/(σ² + σ_data²) and c_out = σ σ_data/√(σ² + σ_data²); v-prediction turns the sign of c_out.
    /// </summary>
    /// <param name="prediction">ε- or v-prediction.</param>
    /// <param name="sigma">σ, above 0.</param>
    /// <param name="sigmaData">The deviation of the data, above 0.</param>
    public static PredictionBasis Preconditioned(PredictionType prediction, double sigma, double sigmaData)
    {
        var power = (sigma * sigma) + (sigmaData * sigmaData);
        var skip = sigmaData * sigmaData / power;
        var output = (prediction == PredictionType.VPrediction ? -sigma : sigma) * sigmaData / Sqrt(power);
        return new(skip, output, sigma / power, -output / sigma);
    }
}
