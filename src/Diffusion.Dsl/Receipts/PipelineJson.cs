using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Definitions as receipts hold them.</summary>
internal static class PipelineJson
{
    public static JsonValue Write(Pipeline pipeline) => Fields.Object(
        Fields.Of("vae", pipeline.VaeModel is { } vae ? ModelJson.Write(vae) : null),
        Fields.Of("text", pipeline.TextModel is { } text ? ModelJson.Write(text) : null),
        Fields.Of("unet", pipeline.UnetModel is { } unet ? ModelJson.Write(unet) : null),
        Fields.Of("sampler", pipeline.Sampler is { } sampler ? SamplerJson.Write(sampler) : null),
        Fields.Of("guiders", pipeline.Guiders.Select(GuiderJson.Write).ToArray()),
        Fields.Of("negative", pipeline.NegativePrompt),
        Fields.Of("height", pipeline.Height),
        Fields.Of("width", pipeline.Width),
        Fields.Of("noise", pipeline.NoiseSchedule is { } noise ? NoiseJson.Write(noise) : null),
        Fields.Of("prediction", pipeline.PredictionType is { } prediction ? Names.Of(prediction) : null),
        Fields.Of("start", pipeline.StartStep == 0 ? null : pipeline.StartStep),
        Fields.Of("strength", pipeline.ImageStrength),
        Fields.Flag("keepSteps", pipeline.KeepsSteps),
        Fields.Of("attentionSlices", pipeline.AttentionSlices is { } slices ? MemoryJson.Write(slices) : null),
        Fields.Of("vaeMemory", pipeline.VaeMemory is { } memory ? MemoryJson.Write(memory) : null));

    public static Pipeline Read(JsonValue json)
    {
        Fields.Known(json, "pipeline", "vae", "text", "unet", "sampler", "guiders", "negative", "height", "width", "noise", "prediction", "start", "strength", "keepSteps", "attentionSlices", "vaeMemory");
        return Pipeline.Empty
            .WithVaeModel(Fields.Find(json, "vae") is { } vae ? ModelJson.Vae(vae) : null)
            .WithTextModel(Fields.Find(json, "text") is { } text ? ModelJson.Text(text) : null)
            .WithUnetModel(Fields.Find(json, "unet") is { } unet ? ModelJson.Unet(unet) : null)
            .WithSampler(Fields.Find(json, "sampler") is { } sampler ? SamplerJson.Read(sampler) : null)
            .WithGuiders([.. Fields.List(json, "guiders").Select(GuiderJson.Read)])
            .WithNegativePrompt(Fields.Words(json, "negative"))
            .WithHeight(Fields.Integer(json, "height"))
            .WithWidth(Fields.Integer(json, "width"))
            .WithNoiseSchedule(Fields.Find(json, "noise") is { } noise ? NoiseJson.Read(noise) : null)
            .WithPredictionType(Fields.Find(json, "prediction") is { } word ? (PredictionType)OptionJson.Word(typeof(PredictionType), "prediction", word) : null)
            .WithStartStep(Fields.Integer(json, "start") ?? 0)
            .WithImageStrength(Fields.Number(json, "strength"))
            .WithKeepsSteps(Fields.Flag(json, "keepSteps"))
            .WithAttentionSlices(Fields.Find(json, "attentionSlices") is { } slices ? MemoryJson.Slicing(slices) : null)
            .WithVaeMemory(Fields.Find(json, "vaeMemory") is { } memory ? MemoryJson.Vae(memory) : null);
    }
}
