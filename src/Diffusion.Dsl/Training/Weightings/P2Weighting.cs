using System;
using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Weight 1/(k + SNR)^γ on the error of the noise: little noise, where only imperceptible detail is left to learn, counts less.</summary>
/// <remarks>
/// Choi et al. (2022), arXiv:2204.00227, section 3.3: λ′_t = λ_t/(k + SNR(t))^γ, λ_t being the weights that turn the variational bound into L_simple, the
/// plain error of the noise. On the clean sample that is SNR/(k + SNR)^γ.
/// </remarks>
/// <param name="K">k, above 0; 1 in the paper: with γ = 1 it keeps the weight at most 1.</param>
/// <param name="Gamma">γ, at least 0; 1 or ½ in the paper, 0 is L_simple.</param>
public sealed record P2Weighting(double K = 1, double Gamma = 1) : Weighting
{
    /// <summary>The same weighting with another k.</summary>
    /// <param name="k">Above 0.</param>
    public P2Weighting WithK(double k) => this with { K = k };

    /// <summary>The same weighting with another exponent.</summary>
    /// <param name="gamma">γ, at least 0.</param>
    public P2Weighting WithGamma(double gamma) => this with { Gamma = gamma };

    /// <inheritdoc/>
    public override double OnCleanSample(PredictionType prediction, NoiseLevel level) => Snr(level) * OnNoise(level);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in TrainingChecks.Above0("k", "P2", K, 1))
        {
            yield return finding;
        }

        if (!(Gamma >= 0 && Gamma < double.PositiveInfinity))
        {
            yield return Rules.TrainingOptionOutOfRange.Found("gamma", "P2", Gamma, "a finite number of at least 0", 1);
        }
    }

    /// <summary>The canonical text: <c>P2(1, 0.5)</c>.</summary>
    public override string ToString() => new Signature("P2").Argument(K).Argument(Gamma).ToString();

    private protected override double OnNoise(NoiseLevel level) => Math.Pow(K + Snr(level), -Gamma);
}
