using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Diffusion.Tests.Generators;

/// <summary>Config files of small checkpoints, as the build hands them to the compiler.</summary>
internal static class Checkpoints
{
    private static readonly Dictionary<string, string> Files = new()
    {
        ["pixels/unet/config.json"] = """{ "_class_name": "UNet2DModel", "in_channels": 1, "out_channels": 1, "sample_size": 28 }""",
        ["pixels/scheduler/scheduler_config.json"] = """{ "_class_name": "DDPMScheduler", "beta_schedule": "squaredcos_cap_v2" }""",
        ["zero/unet/config.json"] = """{ "_class_name": "UNet2DModel", "in_channels": 3, "out_channels": 3, "sample_size": 32 }""",
        ["zero/scheduler/scheduler_config.json"] = """{ "_class_name": "DDIMScheduler", "rescale_betas_zero_snr": true, "timestep_spacing": "trailing" }""",
        ["shapes/unet/config.json"] = """{ "_class_name": "UNet2DConditionModel", "in_channels": 4, "out_channels": 4, "sample_size": 16, "cross_attention_dim": 64 }""",
        ["shapes/vae/config.json"] = """{ "latent_channels": 4, "block_out_channels": [16, 32, 32, 32], "scaling_factor": 0.18215 }""",
        ["shapes/text_encoder/config.json"] = """{ "hidden_size": 64 }""",
        ["shapes/scheduler/scheduler_config.json"] = """{ "_class_name": "DDIMScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "clip_sample": false }""",
        ["large/text_encoder/config.json"] = """{ "hidden_size": 128 }""",
        ["large/vae/config.json"] = """{ "latent_channels": 16, "block_out_channels": [16, 32, 32, 32] }""",
        ["unknown/unet/config.json"] = """{ "_class_name": "UNet2DModel", "in_channels": 3, "out_channels": 3 }""",
        ["unknown/scheduler/scheduler_config.json"] = """{ "_class_name": "OtherScheduler" }""",
        ["broken/unet/config.json"] = """{ "in_channels": """,
    };

    public static ImmutableArray<AdditionalText> All { get; } = [.. Files.Select(file => new MemoryText("/repo/models/" + file.Key, file.Value))];

    /// <summary>The same files, but for one.</summary>
    public static ImmutableArray<AdditionalText> With(string path, string text) =>
        [.. All.Where(file => !file.Path.EndsWith("/" + path, System.StringComparison.Ordinal)), new MemoryText("/repo/models/" + path, text)];

    private sealed class MemoryText(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
