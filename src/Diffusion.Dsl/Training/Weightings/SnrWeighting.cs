namespace Diffusion.Dsl;

/// <summary>Every error counts as an error of the noise does: w = SNR on the clean sample, whatever the network predicts.</summary>
/// <remarks>
/// Salimans and Ho (2022), arXiv:2202.00512, Eq. (9) and section 4: «SNR weighting». The weight on the output is 1 for ε, SNR for x_0, SNR/(SNR + 1)
/// for v. Parity target: diffusers' <c>train_unconditional.py</c> with <c>prediction_type="sample"</c>.
/// </remarks>
public sealed record SnrWeighting : Weighting
{
    /// <inheritdoc/>
    public override double OnCleanSample(PredictionType prediction, NoiseLevel level) => Snr(level);

    /// <summary>The canonical text: <c>Snr</c>.</summary>
    public override string ToString() => "Snr";

    private protected override double OnNoise(NoiseLevel level) => 1;
}
