using System;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Training;

/// <summary>Whether walking the forward chain step by step and jumping to x_t at once are the same, as figures and as a sentence.</summary>
/// <param name="Schedule">The noise schedule.</param>
/// <param name="WeightResidual">By how much the squared weights of the combined noise miss 1 − ᾱ_t, at the worst timestep.</param>
/// <param name="ErrorFloat64">By how much x_t differs in float64, at the worst timestep and element.</param>
/// <param name="ErrorFloat32">By how much x_t differs in float32, at the worst timestep and element.</param>
public sealed record ForwardEquivalence(NoiseSchedule Schedule, double WeightResidual, double ErrorFloat64, double ErrorFloat32)
{
    /// <summary>Whether the differences are rounding: at most 1e-12 in float64 and 1e-5 in float32.</summary>
    public bool Holds => WeightResidual <= 1e-12 && ErrorFloat64 <= 1e-12 && ErrorFloat32 <= 1e-5;

    /// <summary>The answer.</summary>
    public override string ToString() => Holds
        ? FormattableString.Invariant(
            $"Equal in distribution at each t, and path by path when the one noise of the jump is the combination of the steps' noises (on {Schedule} they differ by {ErrorFloat64:0.0e+0} in float64, {ErrorFloat32:0.0e+0} in float32; the squared weights sum to 1 − ᾱ_t within {WeightResidual:0.0e+0}); not equal as a joint law when ε is drawn afresh for each t.")
        : FormattableString.Invariant(
            $"Not shown: on {Schedule} the two differ by {ErrorFloat64:0.0e+0} in float64 and {ErrorFloat32:0.0e+0} in float32, and the squared weights miss 1 − ᾱ_t by {WeightResidual:0.0e+0}.");
}
