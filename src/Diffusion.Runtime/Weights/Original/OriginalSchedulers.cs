using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>What the published models' <c>scheduler_config.json</c> say, which the original layout has in its training configuration or nowhere.</summary>
internal static class OriginalSchedulers
{
    /// <summary>The config of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="prediction">What the network predicts.</param>
    /// <param name="isZeroSnr">Whether the last training timestep was pure noise.</param>
    public static SchedulerConfig Of(OriginalKind kind, PredictionType prediction, bool isZeroSnr)
    {
        var isUpscaler = kind == OriginalKind.StableDiffusionUpscaler;
        var className = kind switch
        {
            OriginalKind.StableDiffusionXL or OriginalKind.StableDiffusionXLRefiner => "EulerDiscreteScheduler",
            _ when prediction == PredictionType.VPrediction || isZeroSnr => "DDIMScheduler",
            _ => "PNDMScheduler",
        };
        JsonMember[] members =
        [
            new("_class_name", JsonValue.Of(className)),
            new("beta_end", JsonValue.Of(isUpscaler ? 0.02 : 0.012)),
            new("beta_schedule", JsonValue.Of("scaled_linear")),
            new("beta_start", JsonValue.Of(isUpscaler ? 0.0001 : 0.00085)),
            new("num_train_timesteps", JsonValue.Of(1000)),
            new("prediction_type", JsonValue.Of(Word(prediction))),
            new("steps_offset", JsonValue.Of(1)),
            new("timestep_spacing", JsonValue.Of("leading")),
        ];
        JsonMember[] own = className switch
        {
            "EulerDiscreteScheduler" => [new("interpolation_type", JsonValue.Of("linear")), new("use_karras_sigmas", JsonValue.Of(false))],
            "DDIMScheduler" => [new("clip_sample", JsonValue.Of(false)), new("set_alpha_to_one", JsonValue.Of(false))],
            _ => [new("set_alpha_to_one", JsonValue.Of(false)), new("skip_prk_steps", JsonValue.Of(true))],
        };
        JsonMember[] snr = isZeroSnr ? [new("rescale_betas_zero_snr", JsonValue.Of(true))] : [];

        return SchedulerConfigJson.Read(JsonValue.Object([.. members, .. own, .. snr]));
    }

    /// <summary>diffusers' name of a prediction type.</summary>
    public static string Word(PredictionType prediction) => prediction switch
    {
        PredictionType.VPrediction => "v_prediction",
        PredictionType.Sample => "sample",
        PredictionType.Flow => "flow_prediction",
        _ => "epsilon",
    };
}
