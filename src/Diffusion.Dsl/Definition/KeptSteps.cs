using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Puts all steps of a sampler into the part of the schedule that a strength leaves.</summary>
internal static class KeptSteps
{
    // More than any schedule has: told by the check, and never derived.
    private const int TooMany = 1_000_000;

    /// <summary>The sampler with so many steps that <paramref name="strength"/> leaves as many as it had.</summary>
    /// <param name="sampler">A resolved sampler.</param>
    /// <param name="strength">In (0, 1].</param>
    /// <param name="noise">The checkpoint's noise schedule.</param>
    public static Scheduler Spread(Scheduler sampler, double strength, NoiseSchedule noise)
    {
        var steps = Count(sampler, noise);
        var spread = Of(steps, strength);
        return spread == steps ? sampler : sampler.OfSteps(spread);
    }

    /// <summary>Why the steps cannot be kept; empty where they can.</summary>
    /// <param name="sampler">The sampler, resolved and without findings.</param>
    /// <param name="strength">What the definition says; null: nothing.</param>
    /// <param name="noise">The checkpoint's noise schedule.</param>
    /// <param name="prediction">What the network predicts.</param>
    public static IEnumerable<Finding> Check(Scheduler sampler, double? strength, NoiseSchedule noise, PredictionType prediction)
    {
        var steps = Count(sampler, noise);
        if (strength is not { } part)
        {
            return [Rules.StepsNotKept.Found(steps, "none", "without a strength all of them are done", "add .Strength(0.6), or remove KeepSteps()")];
        }

        var spread = Of(steps, part);
        if (spread > noise.TrainTimesteps)
        {
            return [Rules.StepsNotKept.Found(
                steps,
                part,
                "they would be the last of " + (spread == TooMany ? "a million" : Text.Of(spread)) + ", and the noise schedule has " + Text.Of(noise.TrainTimesteps) + " training timesteps",
                "choose a strength of at least " + Text.Of((double)steps / noise.TrainTimesteps) + ", or fewer steps")];
        }

        var kept = Spread(sampler, part, noise);
        var why = kept.Check(noise, prediction).Select(finding => "as the last of " + Text.Of(spread) + ", " + finding.Message.Replace(';', ',')).FirstOrDefault()
            ?? (spread > steps && kept.Starts(noise).Count == sampler.Starts(noise).Count ? "the timesteps of " + sampler.Name + " are given one by one" : null);
        return why is null ? [] : [Rules.StepsNotKept.Found(steps, part, why, "remove KeepSteps(), or choose another sampler or strength")];
    }

    // The smallest number of which as many are left; in floating point the quotient may lie beside it.
    private static int Of(int steps, double strength)
    {
        if (!(strength > 0 && strength <= 1))
        {
            return steps;
        }

        var spread = (int)System.Math.Min(steps / strength, TooMany);
        while (spread < TooMany && (int)(spread * strength) < steps)
        {
            spread++;
        }

        while (spread > steps && (int)((spread - 1) * strength) >= steps)
        {
            spread--;
        }

        return spread;
    }

    private static int Count(Scheduler sampler, NoiseSchedule noise) => sampler.StepCount ?? noise.TrainTimesteps;
}
