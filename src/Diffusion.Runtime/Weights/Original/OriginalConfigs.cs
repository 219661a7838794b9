using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>The config files that a file in the original layout would have beside it, were it a folder of diffusers.</summary>
internal static class OriginalConfigs
{
    private const string Config = "/config.json";
    private const string TextEncoder = "text_encoder";

    /// <summary>The content of a config file; null where the file has no such part.</summary>
    /// <param name="layout">What the file is.</param>
    /// <param name="path">Such as <c>unet/config.json</c>.</param>
    public static JsonValue? Find(OriginalLayout layout, string path) => path switch
    {
        "unet" + Config => layout.UNet?.ToJson(),
        "vae" + Config => layout.Vae?.ToJson(),
        "scheduler/scheduler_config.json" => layout.UNet is null ? null : layout.Scheduler.Source,
        _ when path.StartsWith(TextEncoder, System.StringComparison.Ordinal) && path.EndsWith(Config, System.StringComparison.Ordinal) =>
            IndexOf(path[..^Config.Length]) is { } index ? layout.TextEncoders.ElementAtOrDefault(index)?.Config.ToJson() : null,
        _ => null,
    };

    /// <summary>Which of a file's text encoders diffusers keeps in a folder: <c>text_encoder</c> is 0, <c>text_encoder_2</c> is 1; null for any other name.</summary>
    public static int? IndexOf(string subfolder) => subfolder switch
    {
        TextEncoder => 0,
        TextEncoder + "_2" => 1,
        _ => null,
    };
}
