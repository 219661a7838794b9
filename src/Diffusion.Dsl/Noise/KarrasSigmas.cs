using System.Collections.Generic;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>σ_i = (σ_max^(1/ρ) + i/(n − 1)·(σ_min^(1/ρ) − σ_max^(1/ρ)))^ρ (arXiv:2206.00364, Eq. 5).</summary>
/// <param name="Rho">ρ, above 0.</param>
public sealed record KarrasSigmas(double Rho) : SigmaSchedule
{
    /// <inheritdoc/>
    public override IReadOnlyList<double> Between(double largest, double smallest, int count) =>
        Spread.EvenIn(sigma => Pow(sigma, 1 / Rho), root => Pow(root, Rho), largest, smallest, count);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => Rho > 0 ? [] : [Rules.SigmaScheduleOutOfRange.Found("rho", Rho, 7)];

    /// <inheritdoc/>
    public override string ToString() => Rho == 7 ? "karras" : "karras(" + Text.Of(Rho) + ")";
}
