using System.Collections.Generic;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>What a network predicts, which no shape says.</summary>
/// <param name="Type">The type.</param>
/// <param name="IsGuessed">Whether nothing says so, and the published models of its kind were taken as the measure.</param>
internal sealed record OriginalPrediction(PredictionType Type, bool IsGuessed)
{
    // The training steps at which Stability AI published the models of Stable Diffusion 2: 2.0 and 2.1 base, 2.0 and 2.1 of 768 pixels.
    private static readonly Dictionary<string, PredictionType> BySteps = new()
    {
        ["875000"] = PredictionType.Epsilon,
        ["220000"] = PredictionType.Epsilon,
        ["140000"] = PredictionType.VPrediction,
        ["110000"] = PredictionType.VPrediction,
    };

    /// <summary>
    /// The type, by falling certainty: the tensor <c>v_pred</c> that those who train SDXL put into their files; the member
    /// <c>modelspec.prediction_type</c> of a safetensors header; the training step of a .ckpt of Stable Diffusion 2; the usual one.
    /// </summary>
    public static OriginalPrediction Read(OriginalKind kind, UNet2DConditionConfig? unet, ICheckpointReader file, bool isMarked)
    {
        if (isMarked)
            return new(PredictionType.VPrediction, IsGuessed: false);
        if (file.Metadata.GetValueOrDefault("modelspec.prediction_type") is { } said && Said(said) is { } type)
            return new(type, IsGuessed: false);
        if (kind == OriginalKind.StableDiffusion2 && file.Metadata.GetValueOrDefault("global_step") is { } step && BySteps.TryGetValue(step, out type))
            return new(type, IsGuessed: false);

        // The inpainting and the depth model of Stable Diffusion 2 started from 2.0 base.
        var isVelocity = kind == OriginalKind.StableDiffusionUpscaler || (kind == OriginalKind.StableDiffusion2 && unet?.InChannels == 4);

        return new(isVelocity ? PredictionType.VPrediction : PredictionType.Epsilon, IsGuessed: true);
    }

    private static PredictionType? Said(string name) => name switch
    {
        "v" or "v_prediction" => PredictionType.VPrediction,
        "epsilon" => PredictionType.Epsilon,
        _ => null,
    };
}
