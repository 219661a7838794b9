using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Timesteps in the middle are likelier: t = ⌊T · sigmoid(m + s z)⌋ with z ~ N(0, 1).</summary>
/// <remarks>
/// Esser et al. (2024), arXiv:2403.03206, Eq. (19). Parity target: <c>compute_density_for_timestep_sampling("logit_normal")</c> of diffusers' training scripts.
/// </remarks>
/// <param name="Mean">m: above 0 prefers noisy timesteps.</param>
/// <param name="Deviation">s, above 0.</param>
public sealed record LogitNormalTimesteps(double Mean = 0, double Deviation = 1) : TimestepSampling
{
    /// <summary>The same around another middle.</summary>
    /// <param name="mean">m.</param>
    public LogitNormalTimesteps WithMean(double mean) => this with { Mean = mean };

    /// <summary>The same, wider or narrower.</summary>
    /// <param name="deviation">s, above 0.</param>
    public LogitNormalTimesteps WithDeviation(double deviation) => this with { Deviation = deviation };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        if (double.IsNaN(Mean) || double.IsInfinity(Mean))
        {
            yield return Rules.TrainingOptionOutOfRange.Found("the mean", "LogitNormal", Mean, "a finite number", 0);
        }

        foreach (var finding in TrainingChecks.Above0("the deviation", "LogitNormal", Deviation, 1))
        {
            yield return finding;
        }
    }

    /// <summary>The canonical text: <c>LogitNormal(0, 1)</c>.</summary>
    public override string ToString() => new Signature("LogitNormal").Argument(Mean).Argument(Deviation).ToString();
}
