using System;

namespace Diffusion.Dsl;

/// <summary>
/// What a checkpoint says of its noise: the content of diffusers' <c>scheduler_config.json</c>. The noise schedule and the prediction type
/// belong to the checkpoint; the other values, which <see cref="Source"/> holds, are what a sampler falls back on where its own definition leaves
/// them open.
/// </summary>
/// <param name="Noise">The noise schedule the network was trained with.</param>
/// <param name="Prediction">What the network predicts.</param>
public sealed record SchedulerConfig(NoiseSchedule Noise, PredictionType Prediction)
{
    /// <summary>What diffusers assumes where a checkpoint says nothing: linear betas, ε-prediction.</summary>
    public static SchedulerConfig Default { get; } = new(NoiseSchedule.Linear, PredictionType.Epsilon);

    /// <summary>What is assumed of networks of latents that were trained here: as <see cref="Default"/>, without the clamp to [−1, 1], which is a range of pixels.</summary>
    public static SchedulerConfig OfLatents { get; } = Default with
    {
        ClassName = "DDIMScheduler",
        Source = JsonValue.Object([new JsonMember("_class_name", JsonValue.Of("DDIMScheduler")), new JsonMember("clip_sample", JsonValue.False)]),
    };

    /// <summary>The diffusers class that wrote the file, such as <c>DDPMScheduler</c>.</summary>
    public string? ClassName { get; init; }

    /// <summary>The file as it was read, with the keys this library does not know; null where there was none.</summary>
    public JsonValue? Source { get; init; }

    /// <summary><c>variance_type</c>; null: the file does not say, or says something of another sampler.</summary>
    public VarianceType? Variance => Word<VarianceType>("variance_type");

    /// <summary>The value of a key; null where the file does not have it or has null.</summary>
    /// <param name="key">The key.</param>
    public JsonValue? Find(string key) => Source?.Find(key) is { IsNull: false } value ? value : null;

    /// <summary>A number of the file; null where it does not say.</summary>
    /// <param name="key">The key.</param>
    public double? Number(string key) => Find(key) switch
    {
        null => null,
        { Kind: JsonKind.String } text when text.AsString() is "-Infinity" => double.NegativeInfinity, // for files that stay strict JSON
        { } value => value.AsDouble(),
    };

    /// <summary>A whole number of the file; null where it does not say.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="DiffusionException">DIF0581: the number is not whole.</exception>
    internal int? Integer(string key) => Find(key)?.AsInt();

    /// <summary>A flag of the file; null where it does not say.</summary>
    /// <param name="key">The key.</param>
    public bool? Flag(string key) => Find(key)?.AsBoolean();

    /// <summary>A word of the file; null where it does not say.</summary>
    /// <typeparam name="T">The closed choice.</typeparam>
    /// <param name="key">The key.</param>
    /// <exception cref="DiffusionException">DIF0210: the word is none of the known ones.</exception>
    public T? Word<T>(string key)
        where T : struct, Enum => Find(key) is { } word ? Names.Parse<T>(key, word.AsString()) : null;
}
