namespace Diffusion.Dsl;

/// <summary>
/// What a checkpoint says of its noise: the content of diffusers' <c>scheduler_config.json</c>. The noise schedule and the prediction type
/// belong to the checkpoint; the other values are what a sampler falls back on where its own definition leaves them open. Null: the file does not say.
/// </summary>
/// <param name="Noise">The noise schedule the network was trained with.</param>
/// <param name="Prediction">What the network predicts.</param>
public sealed record SchedulerConfig(NoiseSchedule Noise, PredictionType Prediction)
{
    /// <summary>What diffusers assumes where a checkpoint says nothing: linear betas, ε-prediction.</summary>
    public static SchedulerConfig Default { get; } = new(NoiseSchedule.Linear, PredictionType.Epsilon);

    /// <summary>The diffusers class that wrote the file, such as <c>DDPMScheduler</c>.</summary>
    public string? ClassName { get; init; }

    /// <summary><c>timestep_spacing</c>.</summary>
    public TimestepSpacing? Spacing { get; init; }

    /// <summary><c>steps_offset</c>.</summary>
    public int? StepsOffset { get; init; }

    /// <summary><c>clip_sample</c>, <c>thresholding</c> and their numbers.</summary>
    public Clamp? Clamp { get; init; }

    /// <summary><c>set_alpha_to_one</c>.</summary>
    public bool? SetAlphaToOne { get; init; }

    /// <summary><c>variance_type</c>.</summary>
    public VarianceType? Variance { get; init; }

    /// <summary>The file as it was read, with the keys this library does not know; null where there was none.</summary>
    public JsonValue? Source { get; init; }
}
