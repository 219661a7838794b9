using System;
using System.IO;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;

namespace Diffusion.Benchmarks.StableDiffusion;

/// <summary>Checkpoints with random weights, most of Stable Diffusion's size, made once and kept in the folder for temporary files: no weights come with this repository.</summary>
internal static class FullSize
{
    private static string Root => Path.Combine(Path.GetTempPath(), "diffusion-dsl-benchmarks-" + Environment.UserName);

    /// <summary>The folder of the U-Net of Stable Diffusion 1 in float32, 3.4 GB.</summary>
    public static string UNet() => Made("sd15-unet", folder =>
    {
        using var model = UNet2DConditionModel.FromConfig(UNet2DConditionConfig.Sd1, seed: 1);
        model.SavePretrained(folder);
    });

    /// <summary>The folder of its autoencoder in float32, 0.3 GB.</summary>
    public static string Vae() => Made("sd15-vae", folder =>
    {
        using var model = AutoencoderKL.FromConfig(AutoencoderKLConfig.Sd, seed: 2);
        model.SavePretrained(folder);
    });

    /// <summary>The folder of the U-Net of the diffusion course in float32, 7 MB.</summary>
    public static string Course() => Made("course-unet", folder =>
    {
        using var model = UNet2DModel.FromConfig(UNet2DConfig.Course, seed: 3);
        model.SavePretrained(folder);
    });

    private static string Made(string name, Action<string> make)
    {
        var folder = Path.Combine(Root, name);
        if (!File.Exists(Path.Combine(folder, "config.json")))
        {
            Console.Error.WriteLine($"Making {folder} …");
            make(folder);
        }

        return folder;
    }
}
