using System.Linq;

namespace Diffusion.Dsl;

/// <summary>What the files of a pipeline's models say. Null where a file is absent or the stage is.</summary>
/// <param name="Unet">The UNet's facts.</param>
/// <param name="Vae">The VAE's facts.</param>
/// <param name="Text">The text encoder's facts.</param>
/// <param name="Scheduler">The checkpoint's noise schedule and prediction type.</param>
public sealed record ModelFacts(UnetFacts? Unet, VaeFacts? Vae, TextFacts? Text, SchedulerConfig? Scheduler)
{
    /// <summary>The facts of the second text encoder beside the first; null where there is none.</summary>
    internal TextFacts? SecondText { get; init; }

    /// <summary>The facts of the worse network that autoguidance compares with; null: there is none, or its file is absent.</summary>
    public UnetFacts? Worse { get; init; }

    /// <summary>What the checkpoint of that network says of noise and prediction.</summary>
    internal SchedulerConfig? WorseScheduler { get; init; }

    /// <summary>Which parts the checkpoints have, as far as a model_index.json tells.</summary>
    internal EquatableArray<CheckpointIndex> Indexes { get; init; }

    /// <summary>What the files of an upscaler say of the noise on small pictures; as published where they say nothing.</summary>
    public UpscalerFacts Upscaler { get; init; } = UpscalerFacts.Default;

    /// <summary>The same facts with others of an upscaler.</summary>
    /// <param name="upscaler">Of the noise on small pictures.</param>
    public ModelFacts WithUpscaler(UpscalerFacts upscaler) => this with { Upscaler = upscaler };

    /// <summary>The same facts with others of a worse network.</summary>
    /// <param name="worse">Of the network that autoguidance compares with; null: there is none.</param>
    public ModelFacts WithWorse(UnetFacts? worse) => this with { Worse = worse };

    /// <summary>Reads the facts of the models that <paramref name="pipeline"/> names.</summary>
    /// <param name="pipeline">The definition.</param>
    /// <param name="files">Where the config files come from.</param>
    /// <exception cref="DiffusionException">A config file is not JSON, or holds a value of the wrong kind.</exception>
    public static ModelFacts Read(Pipeline pipeline, IModelFiles files)
    {
        var (unet, vae, text, worse) = (pipeline.UnetModel, pipeline.VaeModel, pipeline.TextModel, AutoGuidance.WorseOf(pipeline.Guiders));
        string?[] sources = [unet?.Facts is null ? unet?.Source : null, vae?.Facts is null ? vae?.Source : null, text?.Facts is null ? text?.Source : null];
        return new ModelFacts(
            Network(files, unet),
            vae?.Facts ?? (Json(files, vae?.Source, ModelFileNames.Config(vae?.Subfolder)) is { } autoencoder ? VaeFacts.Read(autoencoder) : null),
            text?.Facts ?? (Json(files, text?.Source, ModelFileNames.Config(text?.Subfolder)) is { } encoder ? TextFacts.Read(encoder) : null),
            SchedulerOf(files, unet))
        {
            Worse = Network(files, worse),
            WorseScheduler = SchedulerOf(files, worse),
            SecondText = Json(files, sources[2], ModelFileNames.Config(ModelFileNames.SecondEncoder)) is { } second ? TextFacts.Read(second) : null,
            Indexes = sources.Distinct()
                .Select(source => Json(files, source, CheckpointIndex.FileName) is { } index ? CheckpointIndex.Read(source!, index) : null)
                .OfType<CheckpointIndex>()
                .ToEquatableArray(),
            Upscaler = OfUpscaler(files, unet?.Source),
        };
    }

    private static UnetFacts? Network(IModelFiles files, UnetModel? unet) =>
        unet?.Facts ?? (Json(files, unet?.Source, ModelFileNames.Config(unet?.Subfolder)) is { } network ? UnetFacts.Read(network) : null);

    private static SchedulerConfig? SchedulerOf(IModelFiles files, UnetModel? unet) => Json(files, unet?.Source, ModelFileNames.Scheduler) is { } scheduler ? SchedulerConfigJson.Read(scheduler) : null;

    private static UpscalerFacts OfUpscaler(IModelFiles files, string? source)
    {
        var facts = UpscalerFacts.Default;
        if (Json(files, source, "low_res_scheduler/scheduler_config.json") is not { } scheduler)
        {
            return facts;
        }

        var level = Json(files, source, CheckpointIndex.FileName)?.Find("max_noise_level") is { IsNull: false } said ? said.AsInt() : facts.MaxNoiseLevel;
        return new UpscalerFacts(SchedulerConfigJson.Read(scheduler).Noise, level);
    }

    private static JsonValue? Json(IModelFiles files, string? source, string path) =>
        source is not null && files.Find(source, path) is { } text ? JsonValue.Parse(text, source + "/" + path) : null;
}
