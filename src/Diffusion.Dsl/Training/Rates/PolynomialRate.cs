using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Behind the warm-up the rate falls as (peak − floor) (1 − p)^power + floor, with p from 0 to 1 over the rest of the run; the floor behind it.</summary>
/// <remarks>Parity target: diffusers' <c>polynomial</c>.</remarks>
/// <param name="Warmup">Steps of the rise, at least 0; 0 starts at the peak.</param>
/// <param name="Power">The exponent, above 0; 1 is a straight line.</param>
/// <param name="Floor">The rate at the end, at least 0 and below the peak.</param>
public sealed record PolynomialRate(int Warmup = 0, double Power = 1, double Floor = 1e-7) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Name => "polynomial";

    /// <summary>The same schedule with another warm-up.</summary>
    /// <param name="warmup">Steps of the rise, at least 0.</param>
    public PolynomialRate WithWarmup(int warmup) => this with { Warmup = warmup };

    /// <summary>The same schedule with another exponent.</summary>
    /// <param name="power">Above 0.</param>
    public PolynomialRate WithPower(double power) => this with { Power = power };

    /// <summary>The same schedule with another rate at the end.</summary>
    /// <param name="floor">At least 0 and below the peak.</param>
    public PolynomialRate WithFloor(double floor) => this with { Floor = floor };

    /// <inheritdoc/>
    public override double At(int step, double peak, int totalSteps)
    {
        if (WarmupShare(step, Warmup) is { } share)
        {
            return peak * share;
        }

        return step > totalSteps ? Floor : ((peak - Floor) * Math.Pow(1 - Progress(step, Warmup, totalSteps), Power)) + Floor;
    }

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(double peak, int totalSteps)
    {
        foreach (var finding in TrainingChecks.Warmup("Polynomial", Warmup, totalSteps).Concat(TrainingChecks.Above0("power", "Polynomial", Power, 1)))
        {
            yield return finding;
        }

        if (!(Floor >= 0 && Floor < peak))
        {
            yield return Rules.TrainingOptionOutOfRange.Found("floor", "Polynomial", Floor, "at least 0 and below the peak of " + Text.Of(peak), 1e-7);
        }
    }

    /// <summary>The canonical text: <c>Polynomial(warmup: 500, power: 2)</c>.</summary>
    public override string ToString() =>
        new Signature("Polynomial").Option("warmup", Warmup, 0).Option("power", Power, 1.0).Option("floor", Floor, 1e-7).ToString();
}
