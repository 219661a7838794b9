namespace Diffusion.Dsl;

/// <summary>Every error of the network's output counts the same, whatever it predicts: L_simple of Ho et al. (2020), arXiv:2006.11239, Eq. (14).</summary>
/// <remarks>On the clean sample that is 1/Q²: SNR for ε, 1 for x_0, SNR + 1 for v, (1 + √SNR)² for flow.</remarks>
public sealed record UniformWeighting : Weighting
{
    /// <inheritdoc/>
    public override double At(PredictionType prediction, NoiseLevel level) => 1;

    /// <inheritdoc/>
    public override double OnCleanSample(PredictionType prediction, NoiseLevel level)
    {
        var q = PredictionBasis.Of(prediction, level).Q;
        return 1 / (q * q);
    }

    /// <summary>The canonical text: <c>Uniform</c>.</summary>
    public override string ToString() => "Uniform";

    private protected override double OnNoise(NoiseLevel level) => 1;
}
