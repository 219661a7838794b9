using System;

namespace Diffusion.Dsl;

public static partial class Guiders
{
    /// <inheritdoc cref="AutoGuidance"/>
    /// <param name="worse">The worse network, by name: <c>Pretrained.From("models/worse").Unet</c>.</param>
    /// <param name="scale">w: 1 is no guidance, 2 is usual.</param>
    /// <param name="interval">The part of the steps in which guidance acts; null: all.</param>
    public static AutoGuidance Autoguidance(UnetModel worse, double scale, GuidanceInterval? interval = null) =>
        new(worse ?? throw new ArgumentNullException(nameof(worse)), scale) { Interval = interval ?? GuidanceInterval.Always };
}
