using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Reads and writes diffusers' <c>scheduler_config.json</c>.</summary>
public static class SchedulerConfigJson
{
    /// <summary>The config a JSON object holds. Missing keys take the defaults of the diffusers class that it names.</summary>
    /// <param name="json">The object.</param>
    /// <exception cref="DiffusionException">DIF0210: a word is unknown; DIF0580 and following: a value has the wrong kind.</exception>
    public static SchedulerConfig Read(JsonValue json)
    {
        var className = Known(json, "_class_name")?.AsString();
        var standard = Schedulers.Find(className)?.DefaultNoise ?? NoiseSchedule.Linear;
        var noise = new NoiseSchedule(
            Word(json, "beta_schedule", standard.Schedule),
            Number(json, "beta_start") ?? standard.BetaStart,
            Number(json, "beta_end") ?? standard.BetaEnd,
            (int?)Number(json, "num_train_timesteps") ?? standard.TrainTimesteps)
        {
            ZeroTerminalSnr = Flag(json, "rescale_betas_zero_snr") ?? false,
        };
        if (Known(json, "trained_betas") is { } betas)
        {
            noise = noise.WithTrainedBetas(betas.Items.Select(beta => beta.AsDouble()).ToArray());
        }

        var config = new SchedulerConfig(noise, Word(json, "prediction_type", PredictionType.Epsilon))
        {
            ClassName = className,
            Source = json,
        };

        // Words that every family shares are refused here, whichever sampler reads them later.
        _ = (config.Word<TimestepSpacing>("timestep_spacing"), config.Variance);
        return config;
    }

    /// <summary>
    /// The object diffusers writes for <paramref name="sampler"/> on a checkpoint's noise, its keys in order. Keys that the sampler does not know are kept
    /// from <see cref="SchedulerConfig.Source"/>.
    /// </summary>
    /// <param name="sampler">A resolved sampler.</param>
    /// <param name="config">The checkpoint's config.</param>
    public static JsonValue Write(Scheduler sampler, SchedulerConfig config)
    {
        var written = NoiseMembers(config)
            .Concat(sampler.ConfigMembers())
            .Concat([new("_class_name", JsonValue.Of(sampler.DiffusersClass)), new("_diffusers_version", JsonValue.Of("0.30.3"))])
            .ToArray();
        var kept = (config.Source?.Members ?? default).Where(member => written.All(other => other.Name != member.Name));
        return JsonValue.Object(written
            .Select(member => Unchanged(member, config.Source) ?? member)
            .Concat(kept)
            .OrderBy(member => member.Name, StringComparer.Ordinal));
    }

    private static IEnumerable<JsonMember> NoiseMembers(SchedulerConfig config) =>
    [
        new("num_train_timesteps", JsonValue.Of(config.Noise.TrainTimesteps)),
        new("beta_start", JsonValue.Of(config.Noise.BetaStart)),
        new("beta_end", JsonValue.Of(config.Noise.BetaEnd)),
        new("beta_schedule", JsonValue.Of(Names.Of(config.Noise.Schedule))),
        new("trained_betas", config.Noise.TrainedBetas.IsEmpty ? JsonValue.Null : JsonValue.Array(config.Noise.TrainedBetas.Select(JsonValue.Of))),
        new("rescale_betas_zero_snr", JsonValue.Of(config.Noise.ZeroTerminalSnr)),
        new("prediction_type", JsonValue.Of(Names.Of(config.Prediction))),
    ];

    /// <summary>The source's own spelling of a value that is still the same number: 1e-05 stays 1e-05, 1 does not become 1.0.</summary>
    private static JsonMember? Unchanged(JsonMember member, JsonValue? source) =>
        source?.Find(member.Name) is { } old && (member.Name == "_diffusers_version" || (old.Kind == JsonKind.Number && member.Value.Kind == JsonKind.Number && old.AsDouble().Equals(member.Value.AsDouble())))
            ? new JsonMember(member.Name, old)
            : null;

    private static JsonValue? Known(JsonValue json, string key) => json.Find(key) is { IsNull: false } value ? value : null;

    private static double? Number(JsonValue json, string key) => Known(json, key)?.AsDouble();

    private static bool? Flag(JsonValue json, string key) => Known(json, key)?.AsBoolean();

    private static T Word<T>(JsonValue json, string key, T fallback)
        where T : struct, System.Enum =>
        Known(json, key) is { } word ? Names.Parse<T>(key, word.AsString()) : fallback;
}
