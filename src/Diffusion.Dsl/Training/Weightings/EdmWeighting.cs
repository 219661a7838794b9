using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>w = (σ² + σ_data²)/(σ σ_data)² = SNR + 1/σ_data² on the clean sample: the effective weight on a preconditioned network's output is 1.</summary>
/// <remarks>
/// Karras et al. (2022), arXiv:2206.00364, Eq. (8) and Table 1, λ(σ), σ being the noise level where the clean sample has scale 1, so SNR = 1/σ². For
/// σ_data = 1 it is SNR + 1, the plain error of v.
/// </remarks>
/// <param name="SigmaData">σ_data, the standard deviation of the data, above 0; ½ in the paper.</param>
public sealed record EdmWeighting(double SigmaData = 0.5) : Weighting
{
    /// <summary>The same weighting for data of another standard deviation.</summary>
    /// <param name="sigmaData">σ_data, above 0.</param>
    public EdmWeighting WithSigmaData(double sigmaData) => this with { SigmaData = sigmaData };

    /// <inheritdoc/>
    public override double OnCleanSample(PredictionType prediction, NoiseLevel level) => Snr(level) + (1 / (SigmaData * SigmaData));

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => TrainingChecks.Above0("sigma_data", "Edm", SigmaData, 0.5);

    /// <summary>The canonical text: <c>Edm(0.5)</c>.</summary>
    public override string ToString() => new Signature("Edm").Argument(SigmaData).ToString();

    private protected override double OnNoise(NoiseLevel level) => 1 + (1 / (SigmaData * SigmaData * Snr(level)));
}
