namespace Diffusion.Dsl;

public static partial class Guiders
{
    /// <inheritdoc cref="PlusPlusGuidance"/>
    /// <param name="lambda">λ in [0, 1]; 0.6 is about as strong as <c>Cfg(7.5)</c>.</param>
    /// <param name="interval">The part of the steps in which guidance acts; null: all.</param>
    public static PlusPlusGuidance CfgPlusPlus(double lambda, GuidanceInterval? interval = null) => new(lambda) { Interval = interval ?? GuidanceInterval.Always };
}
