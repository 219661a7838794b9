using System.Collections.Generic;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>log σ_i falls evenly from log σ_max to log σ_min.</summary>
public sealed record ExponentialSigmas : SigmaSchedule
{
    internal ExponentialSigmas()
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Between(double largest, double smallest, int count) => Spread.EvenIn(Log, Exp, largest, smallest, count);

    /// <inheritdoc/>
    public override string ToString() => "exponential";
}
