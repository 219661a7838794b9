using System;
using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>w = min(SNR, γ) on the clean sample: errors at little noise count no more than γ.</summary>
/// <remarks>
/// Hang et al. (2023), arXiv:2303.09556, section 3.4. The weight on the output is min(SNR, γ) for x_0, min(SNR, γ)/SNR = min(1, γ/SNR) for ε and
/// min(SNR, γ)/(SNR + 1) for v. Parity target: <c>snr_gamma</c> of diffusers' training scripts.
/// </remarks>
/// <param name="Gamma">γ, above 0; 5 in the paper.</param>
public sealed record MinSnrWeighting(double Gamma = 5) : Weighting
{
    /// <summary>The same weighting with another limit.</summary>
    /// <param name="gamma">γ, above 0.</param>
    public MinSnrWeighting WithGamma(double gamma) => this with { Gamma = gamma };

    /// <inheritdoc/>
    public override double OnCleanSample(PredictionType prediction, NoiseLevel level) => Math.Min(Snr(level), Gamma);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => TrainingChecks.Above0("gamma", "MinSnr", Gamma, 5);

    /// <summary>The canonical text: <c>MinSnr(5)</c>.</summary>
    public override string ToString() => new Signature("MinSnr").Argument(Gamma).ToString();

    private protected override double OnNoise(NoiseLevel level) => Math.Min(1, Gamma / Snr(level));
}
