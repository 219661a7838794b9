using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>The checks that samplers on spaced training timesteps share.</summary>
internal static class SpacedChecks
{
    public static IEnumerable<Finding> Steps(NoiseSchedule noise, int steps)
    {
        if (steps < 1 || steps > noise.TrainTimesteps)
        {
            yield return Rules.StepsOutOfRange.Found(steps, noise.TrainTimesteps);
        }
    }

    public static IEnumerable<Finding> Offset(NoiseSchedule noise, int steps, TimestepSpacing? spacing, int offset)
    {
        if (steps < 1 || steps > noise.TrainTimesteps || spacing != TimestepSpacing.Leading)
        {
            yield break;
        }

        var largest = (steps - 1) * (noise.TrainTimesteps / steps);
        if (offset < 0 || largest + offset >= noise.TrainTimesteps)
        {
            yield return Rules.OffsetOutOfRange.Found(offset, steps, largest + offset, noise.TrainTimesteps - 1, noise.TrainTimesteps - 1 - largest);
        }
    }

    public static IEnumerable<Finding> Clamping(Clamp? clamp)
    {
        switch (clamp)
        {
            case RangeClamp { Limit: var limit } when !(limit > 0):
                yield return Rules.ClampOutOfRange.Found("clip_sample_range", limit, "above 0", 1);
                break;
            case DynamicThreshold dynamic:
                if (!(dynamic.Ratio > 0 && dynamic.Ratio <= 1))
                {
                    yield return Rules.ClampOutOfRange.Found("dynamic_thresholding_ratio", dynamic.Ratio, "above 0 and at most 1", 0.995);
                }

                if (!(dynamic.MaxValue >= 1))
                {
                    yield return Rules.ClampOutOfRange.Found("sample_max_value", dynamic.MaxValue, "at least 1", 1);
                }

                break;
        }
    }

    /// <summary>With ᾱ_t = 0 a network that predicts ε says nothing of the image.</summary>
    public static IEnumerable<Finding> TerminalSnr(NoiseSchedule noise, PredictionType prediction, IReadOnlyList<int> timesteps)
    {
        if (prediction == PredictionType.Epsilon && noise.ZeroTerminalSnr && timesteps.Contains(noise.TrainTimesteps - 1))
        {
            yield return Rules.ZeroSnrNeedsVPrediction.Found(noise.TrainTimesteps - 1, Names.Of(prediction));
        }
    }
}
