using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Reads and writes diffusers' <c>scheduler_config.json</c>.</summary>
public static class SchedulerConfigJson
{
    /// <summary>The config a JSON object holds. Missing keys take diffusers' defaults.</summary>
    /// <param name="json">The object.</param>
    /// <exception cref="DiffusionException">DIF0210: a word is unknown; DIF0580 and following: a value has the wrong kind.</exception>
    public static SchedulerConfig Read(JsonValue json)
    {
        var noise = new NoiseSchedule(
            Word(json, "beta_schedule", BetaSchedule.Linear),
            Number(json, "beta_start") ?? 0.0001,
            Number(json, "beta_end") ?? 0.02,
            (int?)Number(json, "num_train_timesteps") ?? 1000)
        {
            ZeroTerminalSnr = Flag(json, "rescale_betas_zero_snr") ?? false,
        };
        if (Known(json, "trained_betas") is { } betas)
        {
            noise = noise.WithTrainedBetas(betas.Items.Select(beta => beta.AsDouble()).ToArray());
        }

        return new SchedulerConfig(noise, Word(json, "prediction_type", PredictionType.Epsilon))
        {
            ClassName = Known(json, "_class_name")?.AsString(),
            Spacing = Known(json, "timestep_spacing") is null ? null : Word(json, "timestep_spacing", TimestepSpacing.Leading),
            StepsOffset = (int?)Number(json, "steps_offset"),
            Clamp = ReadClamp(json),
            SetAlphaToOne = Flag(json, "set_alpha_to_one"),
            Variance = Known(json, "variance_type") is null ? null : Word(json, "variance_type", VarianceType.FixedSmall),
            Source = json,
        };
    }

    /// <summary>
    /// The object diffusers writes for a DDPM-trained checkpoint. Keys this library does not know are kept from <see cref="SchedulerConfig.Source"/>.
    /// </summary>
    /// <param name="config">The config.</param>
    public static JsonValue Write(SchedulerConfig config)
    {
        var dynamic = config.Clamp as DynamicThreshold;
        var range = config.Clamp as RangeClamp;
        var written = new List<JsonMember>
        {
            Member("_class_name", JsonValue.Of(config.ClassName ?? "DDPMScheduler")),
            Member("_diffusers_version", JsonValue.Of("0.30.3")),
            Member("beta_end", JsonValue.Of(config.Noise.BetaEnd)),
            Member("beta_schedule", JsonValue.Of(Names.Of(config.Noise.Schedule))),
            Member("beta_start", JsonValue.Of(config.Noise.BetaStart)),
            Member("clip_sample", JsonValue.Of(config.Clamp is null or RangeClamp)),
            Member("clip_sample_range", JsonValue.Of(range?.Limit ?? 1.0)),
            Member("dynamic_thresholding_ratio", JsonValue.Of(dynamic?.Ratio ?? 0.995)),
            Member("num_train_timesteps", JsonValue.Of(config.Noise.TrainTimesteps)),
            Member("prediction_type", JsonValue.Of(Names.Of(config.Prediction))),
            Member("rescale_betas_zero_snr", JsonValue.Of(config.Noise.ZeroTerminalSnr)),
            Member("sample_max_value", JsonValue.Of(dynamic?.MaxValue ?? 1.0)),
            Member("steps_offset", JsonValue.Of(config.StepsOffset ?? 0)),
            Member("thresholding", JsonValue.Of(dynamic is not null)),
            Member("timestep_spacing", JsonValue.Of(Names.Of(config.Spacing ?? TimestepSpacing.Leading))),
            Member("trained_betas", config.Noise.TrainedBetas.IsEmpty ? JsonValue.Null : JsonValue.Array(config.Noise.TrainedBetas.Select(JsonValue.Of))),
            Member("variance_type", JsonValue.Of(Names.Of(config.Variance ?? VarianceType.FixedSmall))),
        };
        if (config.SetAlphaToOne is { } setAlphaToOne)
        {
            written.Add(Member("set_alpha_to_one", JsonValue.Of(setAlphaToOne)));
        }

        var source = config.Source?.Members ?? default;
        var kept = source.Where(member => written.All(other => other.Name != member.Name));
        return JsonValue.Object(written.Select(member => Unchanged(member, config.Source) ?? member).Concat(kept));
    }

    /// <summary>The source's own spelling of a value that is still the same number: 1e-05 stays 1e-05, 1 does not become 1.0.</summary>
    private static JsonMember? Unchanged(JsonMember member, JsonValue? source) =>
        source?.Find(member.Name) is { } old && (member.Name == "_diffusers_version" || (old.Kind == JsonKind.Number && member.Value.Kind == JsonKind.Number && old.AsDouble().Equals(member.Value.AsDouble())))
            ? new JsonMember(member.Name, old)
            : null;

    private static Clamp? ReadClamp(JsonValue json)
    {
        if (Flag(json, "thresholding") == true)
        {
            return Clamp.Dynamic(Number(json, "dynamic_thresholding_ratio") ?? 0.995, Number(json, "sample_max_value") ?? 1);
        }

        return Flag(json, "clip_sample") switch
        {
            null => null,
            true => Clamp.Range(Number(json, "clip_sample_range") ?? 1),
            false => Clamp.None,
        };
    }

    private static JsonMember Member(string name, JsonValue value) => new(name, value);

    private static JsonValue? Known(JsonValue json, string key) => json.Find(key) is { IsNull: false } value ? value : null;

    private static double? Number(JsonValue json, string key) => Known(json, key)?.AsDouble();

    private static bool? Flag(JsonValue json, string key) => Known(json, key)?.AsBoolean();

    private static T Word<T>(JsonValue json, string key, T fallback)
        where T : struct, System.Enum =>
        Known(json, key) is { } word ? Names.Parse<T>(key, word.AsString()) : fallback;
}
