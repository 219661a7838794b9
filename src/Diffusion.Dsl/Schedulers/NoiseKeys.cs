using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// What the config files of a diffusers class say of the checkpoint's noise. The noise belongs to the checkpoint, whichever sampler runs; but a file leaves
/// out what its class has by default, and a class writes only what it has parameters for.
/// </summary>
/// <param name="Noise">The noise of a file of this class that says nothing.</param>
/// <param name="Prediction">The prediction of a file of this class that says nothing.</param>
/// <param name="Keys">The keys that the class has.</param>
internal sealed record NoiseKeys(NoiseSchedule Noise, PredictionType Prediction, EquatableArray<string> Keys)
{
    /// <summary>All keys there are, linear betas from 0.0001 to 0.02, ε-prediction: most classes.</summary>
    public static NoiseKeys All { get; } =
        Only("num_train_timesteps", "beta_start", "beta_end", "beta_schedule", "trained_betas", "prediction_type", "rescale_betas_zero_snr");

    /// <summary><see cref="All"/> but for <c>rescale_betas_zero_snr</c>.</summary>
    public static NoiseKeys WithoutZeroSnr { get; } = All with { Keys = All.Keys.Where(name => name != "rescale_betas_zero_snr").ToEquatableArray() };

    /// <summary>These keys only.</summary>
    public static NoiseKeys Only(params string[] names) => new(NoiseSchedule.Linear, PredictionType.Epsilon, names.ToEquatableArray());

    /// <summary>The noise and the prediction of a file of this class.</summary>
    public SchedulerConfig Read(JsonValue json)
    {
        var file = new SchedulerConfig(Noise, Prediction) { Source = json };
        var noise = new NoiseSchedule(
            Word(file, "beta_schedule", Noise.Schedule),
            file.Number("beta_start") ?? Noise.BetaStart,
            file.Number("beta_end") ?? Noise.BetaEnd,
            file.Integer("num_train_timesteps") ?? Noise.TrainTimesteps)
        {
            ZeroTerminalSnr = file.Flag("rescale_betas_zero_snr") ?? false,
        };
        if (file.Find("trained_betas") is { } betas)
        {
            noise = noise.WithTrainedBetas(betas.Items.Select(beta => beta.AsDouble()).ToArray());
        }

        return file with { Noise = noise, Prediction = Word(file, "prediction_type", Prediction) };
    }

    /// <summary>The members that a file of this class has for a checkpoint's noise.</summary>
    public IEnumerable<JsonMember> Write(SchedulerConfig config) => Keys.Select(name => new JsonMember(name, Value(name, config)));

    private static T Word<T>(SchedulerConfig file, string key, T fallback)
        where T : struct, Enum => file.Find(key) is { } word ? Names.Parse<T>(key, word.AsString()) : fallback;

    private static JsonValue Value(string name, SchedulerConfig config) => name switch
    {
        "num_train_timesteps" => JsonValue.Of(config.Noise.TrainTimesteps),
        "beta_start" => JsonValue.Of(config.Noise.BetaStart),
        "beta_end" => JsonValue.Of(config.Noise.BetaEnd),
        "beta_schedule" => JsonValue.Of(Names.Of(config.Noise.Schedule)),
        "trained_betas" => config.Noise.TrainedBetas.IsEmpty ? JsonValue.Null : JsonValue.Array(config.Noise.TrainedBetas.Select(JsonValue.Of)),
        "rescale_betas_zero_snr" => JsonValue.Of(config.Noise.ZeroTerminalSnr),
        _ => JsonValue.Of(Names.Of(config.Prediction)),
    };
}
