using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Writes a pipeline as the chain that gives it.</summary>
internal static class PipelineText
{
    public static string Of(Pipeline pipeline)
    {
        var stages = new[]
        {
            pipeline.VaeModel is { } vae ? "From(" + Quoted(vae.Source) + ".Vae)" : "From(" + Quoted(pipeline.UnetModel?.Source ?? "?") + ".Unet)",
            pipeline.TextModel is { } text ? "Text(" + Quoted(text.Source) + ".Clip" + Options(text) + ")" : null,
            pipeline.VaeModel is not null && pipeline.UnetModel is { } unet ? "Unet(" + Quoted(unet.Source) + ".Unet)" : null,
            pipeline.Sampler is { } sampler ? "Scheduler(" + sampler + ")" : null,
            pipeline.Guiders.IsEmpty ? null : "Guidance(" + string.Join(", ", pipeline.Guiders.Select(guider => guider.ToString())) + ")",
            pipeline.NegativePrompt is { } negative ? "Negative(" + Quoted(negative) + ")" : null,
            pipeline.Height is not null || pipeline.Width is not null ? "Size(" + Text.Of(pipeline.Height) + ", " + Text.Of(pipeline.Width) + ")" : null,
            pipeline.StartStep != 0 ? "StartAt(" + Text.Of(pipeline.StartStep) + ")" : null,
            pipeline.ImageStrength is { } strength ? "Strength(" + Text.Of(strength) + ")" : null,
            pipeline.KeepsSteps ? "KeepSteps()" : null,
            pipeline.NoiseSchedule is { } noise ? "Noise(" + noise + ")" : null,
            pipeline.PredictionType is { } prediction ? "Prediction(" + Names.Of(prediction) + ")" : null,
            pipeline.AttentionSlices is { } slicing ? "AttentionSlicing(" + slicing + ")" : null,
            pipeline.VaeMemory is { Slices: true } ? "VaeSlicing()" : null,
            pipeline.VaeMemory is { Tiles: true } tiled ? "VaeTiling(" + Tiles(tiled) + ")" : null,
        };
        return "Pipeline." + string.Join(".", stages.Where(stage => stage is not null));
    }

    private static string Options(TextModel text) =>
        (text.Tokenizer == "tokenizer" ? "" : ".WithTokenizer(" + Quoted(text.Tokenizer) + ")") + (text.ClipSkip == 0 ? "" : ".WithClipSkip(" + Text.Of(text.ClipSkip) + ")") + (text.Grammar == PromptGrammar.Plain ? "" : ".WithGrammar(" + text.Grammar + ")");

    private static string Tiles(VaeMemory memory) => string.Join(", ", new[]
    {
        memory.TileSize is { } size ? Text.Of(size) : null,
        memory.Overlap == VaeMemory.DefaultOverlap ? null : "overlap: " + Text.Of(memory.Overlap),
    }.Where(part => part is not null));

    private static string Quoted(string text) => "\"" + text + "\"";
}
