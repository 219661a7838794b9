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

    public static IEnumerable<Finding> Custom(NoiseSchedule noise, EquatableArray<int> timesteps)
    {
        for (var i = 0; i < timesteps.Count; i++)
        {
            if (timesteps[i] < 0 || timesteps[i] >= (i == 0 ? noise.TrainTimesteps : timesteps[i - 1]))
            {
                yield return Rules.CustomTimestepsInvalid.Found(timesteps[i], i, noise.TrainTimesteps - 1);
                yield break;
            }
        }
    }

    public static IEnumerable<Finding> Falling(EquatableArray<double> sigmas)
    {
        for (var i = 0; i < sigmas.Count; i++)
        {
            if (!(sigmas[i] >= 0) || (i == 0 ? !(sigmas[i] > 0) || double.IsInfinity(sigmas[i]) || sigmas.Count < 2 : !(sigmas[i] < sigmas[i - 1])))
            {
                yield return Rules.CustomSigmasInvalid.Found(sigmas[i], i);
                yield break;
            }
        }
    }

    /// <summary>A number that must be at least <paramref name="least"/>.</summary>
    public static IEnumerable<Finding> AtLeast(string option, string sampler, double? value, double least, double usual)
    {
        if (value is { } number && !(number >= least))
        {
            yield return Rules.OptionOutOfRange.Found(option, sampler, number, "at least " + Text.Of(least), usual);
        }
    }

    /// <summary>A number that must lie in a closed range.</summary>
    public static IEnumerable<Finding> InRange(string option, string sampler, double? value, double least, double most, double usual)
    {
        if (value is { } number && !(number >= least && number <= most))
        {
            yield return Rules.OptionOutOfRange.Found(option, sampler, number, Text.Of(least) + " to " + Text.Of(most), usual);
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
