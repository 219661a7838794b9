namespace Diffusion.Dsl;

/// <summary>What the files of a pipeline's models say. Null where a file is absent or the stage is.</summary>
/// <param name="Unet">The UNet's facts.</param>
/// <param name="Vae">The VAE's facts.</param>
/// <param name="Text">The text encoder's facts.</param>
/// <param name="Scheduler">The checkpoint's noise schedule and prediction type.</param>
public sealed record ModelFacts(UnetFacts? Unet, VaeFacts? Vae, TextFacts? Text, SchedulerConfig? Scheduler)
{
    /// <summary>Reads the facts of the models that <paramref name="pipeline"/> names.</summary>
    /// <param name="pipeline">The definition.</param>
    /// <param name="files">Where the config files come from.</param>
    /// <exception cref="DiffusionException">A config file is not JSON, or holds a value of the wrong kind.</exception>
    public static ModelFacts Read(Pipeline pipeline, IModelFiles files)
    {
        var unet = pipeline.UnetModel;
        return new ModelFacts(
            unet?.Facts ?? (Config(files, unet?.Source, unet?.Subfolder) is { } config ? UnetFacts.Read(config) : null),
            pipeline.VaeModel?.Facts ?? (Config(files, pipeline.VaeModel?.Source, pipeline.VaeModel?.Subfolder) is { } vae ? VaeFacts.Read(vae) : null),
            pipeline.TextModel?.Facts ?? (Config(files, pipeline.TextModel?.Source, pipeline.TextModel?.Subfolder) is { } text ? TextFacts.Read(text) : null),
            Json(files, unet?.Source, "scheduler/scheduler_config.json") is { } scheduler ? SchedulerConfigJson.Read(scheduler) : null);
    }

    private static JsonValue? Config(IModelFiles files, string? source, string? subfolder) =>
        Json(files, source, string.IsNullOrEmpty(subfolder) ? "config.json" : subfolder + "/config.json");

    private static JsonValue? Json(IModelFiles files, string? source, string path) =>
        source is not null && files.Find(source, path) is { } text ? JsonValue.Parse(text, source + "/" + path) : null;
}
