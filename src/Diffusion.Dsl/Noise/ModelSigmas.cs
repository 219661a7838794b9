using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>The levels the model was trained with.</summary>
public sealed record ModelSigmas : SigmaSchedule
{
    internal ModelSigmas()
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double>? Between(double largest, double smallest, int count) => null;

    /// <inheritdoc/>
    public override string ToString() => "model";
}
