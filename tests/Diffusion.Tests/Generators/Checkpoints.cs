using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
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
        ["pixels/model_index.json"] = """{ "_class_name": "DDPMPipeline", "scheduler": ["diffusers", "DDPMScheduler"], "unet": ["diffusers", "UNet2DModel"], "vae": [null, null] }""",
        ["clear/unet/config.json"] = """{ "_class_name": "UNet2DModel", "in_channels": 3, "out_channels": 3, "sample_size": 32 }""",
        ["clear/scheduler/scheduler_config.json"] = """{ "_class_name": "DDPMScheduler", "prediction_type": "sample" }""",
        ["solver/unet/config.json"] = """{ "_class_name": "UNet2DModel", "in_channels": 3, "out_channels": 3, "sample_size": 32 }""",
        ["solver/scheduler/scheduler_config.json"] = """{ "_class_name": "DPMSolverMultistepScheduler", "algorithm_type": "dpmsolver" }""",
        ["flow/unet/config.json"] = """{ "_class_name": "UNet2DModel", "in_channels": 3, "out_channels": 3, "sample_size": 32 }""",
        ["flow/scheduler/scheduler_config.json"] = """{ "_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3.0 }""",
        ["edm/unet/config.json"] = """{ "_class_name": "UNet2DModel", "in_channels": 3, "out_channels": 3, "sample_size": 32 }""",
        ["edm/scheduler/scheduler_config.json"] = """{ "_class_name": "EDMEulerScheduler" }""",
        ["xl/unet/config.json"] = """{ "_class_name": "UNet2DConditionModel", "in_channels": 4, "out_channels": 4, "cross_attention_dim": 192, "addition_embed_type": "text_time" }""",
        ["xl/vae/config.json"] = """{ "latent_channels": 4, "block_out_channels": [16, 32, 32, 32] }""",
        ["xl/text_encoder/config.json"] = """{ "hidden_size": 64 }""",
        ["xl/text_encoder_2/config.json"] = """{ "hidden_size": 128, "projection_dim": 128 }""",
        ["five/unet/config.json"] = """{ "_class_name": "UNet2DConditionModel", "in_channels": 4, "out_channels": 5, "cross_attention_dim": 64 }""",
        ["t5/text_encoder/config.json"] = """{ "d_model": 64 }""",
        ["large/text_encoder/config.json"] = """{ "hidden_size": 128 }""",
        ["large/vae/config.json"] = """{ "latent_channels": 16, "block_out_channels": [16, 32, 32, 32] }""",
        ["unknown/unet/config.json"] = """{ "_class_name": "UNet2DModel", "in_channels": 3, "out_channels": 3 }""",
        ["unknown/scheduler/scheduler_config.json"] = """{ "_class_name": "OtherScheduler" }""",
        ["broken/unet/config.json"] = """{ "in_channels": """,
    };

    public static ImmutableArray<AdditionalText> All { get; } = In("/repo");

    /// <summary>The files of <c>models/</c> in a folder, as the build names them.</summary>
    public static ImmutableArray<AdditionalText> In(string folder) => [.. Files.Select(file => new MemoryText(folder + "/models/" + file.Key, file.Value))];

    /// <summary>One file.</summary>
    public static AdditionalText Of(string path, string text) => new MemoryText(path, text);

    /// <summary>Writes the files of <c>models/</c> into a folder.</summary>
    public static void Write(string folder)
    {
        foreach (var (path, text) in Files)
        {
            var file = Path.Combine(folder, "models", path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    /// <summary>The same files, but for one.</summary>
    public static ImmutableArray<AdditionalText> With(string path, string text) =>
        [.. All.Where(file => !file.Path.EndsWith("/" + path, System.StringComparison.Ordinal)), new MemoryText("/repo/models/" + path, text)];

    private sealed class MemoryText(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
