using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>What keeps x̂_0 in range, as config files say it.</summary>
internal static class ClampJson
{
    public static Clamp? Read(SchedulerConfig config, bool clips, bool thresholds, Clamp standard)
    {
        if (thresholds && config.Flag("thresholding") == true)
        {
            return Clamp.Dynamic(config.Number("dynamic_thresholding_ratio") ?? 0.995, config.Number("sample_max_value") ?? 1);
        }

        // The limit may be said although clipping is left to the default.
        return !clips ? null : config.Flag("clip_sample") switch
        {
            null when standard is RangeClamp range && config.Number("clip_sample_range") is { } limit => range with { Limit = limit },
            null => null,
            true => Clamp.Range(config.Number("clip_sample_range") ?? (standard as RangeClamp)?.Limit ?? 1),
            false => Clamp.None,
        };
    }

    public static IEnumerable<JsonMember> Write(Clamp clamp, bool clips, bool thresholds)
    {
        if (clips)
        {
            yield return new("clip_sample", JsonValue.Of(clamp is RangeClamp));
            yield return new("clip_sample_range", JsonValue.Of((clamp as RangeClamp)?.Limit ?? 1.0));
        }

        if (thresholds)
        {
            var dynamic = clamp as DynamicThreshold;
            yield return new("dynamic_thresholding_ratio", JsonValue.Of(dynamic?.Ratio ?? 0.995));
            yield return new("sample_max_value", JsonValue.Of(dynamic?.MaxValue ?? 1.0));
            yield return new("thresholding", JsonValue.Of(dynamic is not null));
        }
    }
}
