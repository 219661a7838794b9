using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>σ_i = σ_min + F⁻¹(1 − i/(n − 1))·(σ_max − σ_min), F the distribution Beta(α, β) (arXiv:2407.12173, section 4).</summary>
/// <param name="Alpha">α, above 0.</param>
/// <param name="BetaValue">β, above 0.</param>
public sealed record BetaSigmas(double Alpha, double BetaValue) : SigmaSchedule
{
    /// <inheritdoc/>
    public override IReadOnlyList<double> Between(double largest, double smallest, int count) =>
        Spread.Even(0, 1, count).Select(ramp => smallest + (BetaDistribution.Quantile(1 - ramp, Alpha, BetaValue) * (largest - smallest))).ToArray();

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => (Alpha > 0, BetaValue > 0) switch
    {
        (false, _) => [Rules.SigmaScheduleOutOfRange.Found("alpha", Alpha, 0.6)],
        (_, false) => [Rules.SigmaScheduleOutOfRange.Found("beta", BetaValue, 0.6)],
        _ => [],
    };

    /// <inheritdoc/>
    public override string ToString() => this is { Alpha: 0.6, BetaValue: 0.6 } ? "beta" : "beta(" + Text.Of(Alpha) + ", " + Text.Of(BetaValue) + ")";
}
