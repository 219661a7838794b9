using System.Collections.Generic;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>λ^(1/ρ) rises evenly, λ = −log σ (arXiv:2206.00927; with ρ = 1 this is even in log σ).</summary>
/// <param name="Rho">ρ, above 0; a power other than 1 is taken of |λ| with λ's sign.</param>
public sealed record LuSigmas(double Rho) : SigmaSchedule
{
    /// <inheritdoc/>
    public override IReadOnlyList<double> Between(double largest, double smallest, int count) =>
        Spread.EvenIn(sigma => Signed(Log(sigma), 1 / Rho), root => Exp(Signed(root, Rho)), largest, smallest, count);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => Rho > 0 ? [] : [Rules.SigmaScheduleOutOfRange.Found("rho", Rho, 1)];

    /// <inheritdoc/>
    public override string ToString() => Rho == 1 ? "lu" : "lu(" + Text.Of(Rho) + ")";

    private static double Signed(double value, double power) => Sign(value) * Pow(Abs(value), power);
}
