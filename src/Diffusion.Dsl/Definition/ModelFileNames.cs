namespace Diffusion.Dsl;

/// <summary>The names of the files that facts are read from, for the reader and for the sentences of findings.</summary>
internal static class ModelFileNames
{
    /// <summary>The noise schedule's file inside a checkpoint.</summary>
    public const string Scheduler = "scheduler/scheduler_config.json";

    /// <summary>The folder of a second text encoder, as SDXL has it.</summary>
    public const string SecondEncoder = "text_encoder_2";

    /// <summary>A network's file inside a checkpoint.</summary>
    /// <param name="subfolder">The network's folder; empty where the checkpoint is the network itself.</param>
    public static string Config(string? subfolder) => string.IsNullOrEmpty(subfolder) ? "config.json" : subfolder + "/config.json";

    /// <summary>Where the facts of a network are from.</summary>
    public static string Config(UnetModel model) => Named(model.Source, model.Subfolder, model.Facts is null);

    /// <summary>Where the UNet's facts are from: its file, or its name where the definition gives them.</summary>
    public static string? OfUnet(Pipeline pipeline) => pipeline.UnetModel is { } unet ? Named(unet.Source, unet.Subfolder, unet.Facts is null) : null;

    /// <summary>Where the VAE's facts are from.</summary>
    public static string? OfVae(Pipeline pipeline) => pipeline.VaeModel is { } vae ? Named(vae.Source, vae.Subfolder, vae.Facts is null) : null;

    /// <summary>Where the text encoder's facts are from.</summary>
    public static string? OfText(Pipeline pipeline) => pipeline.TextModel is { } text ? Named(text.Source, text.Subfolder, text.Facts is null) : null;

    /// <summary>Where the noise schedule and the prediction type are from.</summary>
    public static string? OfScheduler(Pipeline pipeline) => pipeline.UnetModel is { } unet ? unet.Source + "/" + Scheduler : null;

    private static string Named(string source, string subfolder, bool isRead) => isRead ? source + "/" + Config(subfolder) : source;
}
