using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>w = γ SNR/(SNR + γ) on the clean sample: like <see cref="MinSnrWeighting"/> without the corner.</summary>
/// <remarks>
/// Crowson et al. (2024), arXiv:2401.11605 (Hourglass Diffusion Transformers, Soft-Min-SNR): w = 1/(σ² + γ⁻¹) where the clean sample has scale 1, so
/// SNR = 1/σ². γ = 4 is 1/σ_data² for σ_data = ½. The weight on the output is γ/(SNR + γ) for ε.
/// </remarks>
/// <param name="Gamma">γ, above 0; 4 in the paper.</param>
public sealed record SoftMinSnrWeighting(double Gamma = 4) : Weighting
{
    /// <summary>The same weighting with another limit.</summary>
    /// <param name="gamma">γ, above 0.</param>
    public SoftMinSnrWeighting WithGamma(double gamma) => this with { Gamma = gamma };

    /// <inheritdoc/>
    public override double OnCleanSample(PredictionType prediction, NoiseLevel level) => 1 / ((1 / Snr(level)) + (1 / Gamma));

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => TrainingChecks.Above0("gamma", "SoftMinSnr", Gamma, 4);

    /// <summary>The canonical text: <c>SoftMinSnr(4)</c>.</summary>
    public override string ToString() => new Signature("SoftMinSnr").Argument(Gamma).ToString();

    private protected override double OnNoise(NoiseLevel level) => Gamma / (Snr(level) + Gamma);
}
