using System.Collections.Generic;

namespace Diffusion.Dsl;

public static partial class Guiders
{
    /// <inheritdoc cref="PerturbedAttentionGuidance"/>
    /// <param name="scale">s: 0 is no guidance, 3 is usual.</param>
    /// <param name="layers">Beginnings of the names of the self-attentions that are switched off; null: those of the middle block, or of the deepest block that has some.</param>
    /// <param name="interval">The part of the steps in which guidance acts; null: all.</param>
    public static PerturbedAttentionGuidance Pag(double scale, IEnumerable<string>? layers = null, GuidanceInterval? interval = null) =>
        new(scale) { Layers = (layers ?? []).ToEquatableArray(), Interval = interval ?? GuidanceInterval.Always };
}
