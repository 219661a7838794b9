using System;
using System.IO;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;

namespace Diffusion.Benchmarks.Memory;

/// <summary>A folder of random networks of a few hundred megabytes in diffusers' layout: text encoder, U-Net and autoencoder for pictures of 512 by 512.</summary>
internal sealed class MediumModels : IDisposable
{
    public static ClipTextConfig Text { get; } = new(HiddenSize: 512, EosTokenId: 2);

    public static UNet2DConditionConfig Unet { get; } = UNet2DConditionConfig.Sd1.WithBlockOutChannels(96, 192, 384, 384).WithCrossAttentionDim(512);

    public static AutoencoderKLConfig Vae { get; } = AutoencoderKLConfig.Sd.WithLevels(64, 128, 256, 256);

    public MediumModels()
    {
        using var text = ClipTextModel.FromConfig(Text, seed: 1);
        text.SavePretrained(Path.Combine(Folder, "text_encoder"));
        using var unet = UNet2DConditionModel.FromConfig(Unet, seed: 2);
        unet.SavePretrained(Path.Combine(Folder, "unet"));
        using var vae = AutoencoderKL.FromConfig(Vae, seed: 3);
        vae.SavePretrained(Path.Combine(Folder, "vae"));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("diffusion-memory-").FullName;

    /// <summary>The pipeline that is estimated.</summary>
    public static Pipeline Pipeline(string folder)
    {
        var models = Pretrained.From(folder);
        return Dsl.Pipeline.From(models.Vae).Text(models.Clip).Unet(models.Unet).Scheduler(Schedulers.Ddim(2)).Guidance(Guiders.Cfg(7.5));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
