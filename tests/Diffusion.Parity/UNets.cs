using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Weights;

namespace Diffusion.Parity;

/// <summary>Loads UNet2DModel folders.</summary>
internal static class UNets
{
    /// <summary>The weight files of a folder that this library may be asked to read: both formats where both lie there.</summary>
    public static IReadOnlyList<string> Weights(string folder)
    {
        var files = new[] { "diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.bin" }.Select(name => Path.Combine(folder, name)).Where(File.Exists).ToArray();
        return files.Length > 0 ? files : [folder];
    }

    /// <summary>The model in float32 with the weights of a file, or of a folder as the library finds them.</summary>
    public static UNet2DModel Load(JsonValue config, string weights)
    {
        using var reader = Checkpoint.Open(weights);
        var model = UNet2DModel.FromConfig(UNet2DConfig.FromJson(config), LayerOptions.Unset());
        StateDict.Load(model, reader, UNet2DKeys.Rename);
        return model;
    }
}
