using System;
using System.IO;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Text;
using Diffusion.Tests.Models;

namespace Diffusion.Tests.Sampling;

/// <summary>A folder as Stable Diffusion's, with networks of a few thousand random parameters: pictures of 16 by 16, latents of 8 by 8.</summary>
public sealed class TinyStableDiffusion : IDisposable
{
    public TinyStableDiffusion()
    {
        var tokenizer = ClipTokenizer.Load(Goldens.PathOf("pipelines/sd_tiny/tokenizer"));
        tokenizer.Save(Path.Combine(Folder, "tokenizer"));
        using var text = ClipTextModel.FromConfig(
            new ClipTextConfig(
                VocabSize: tokenizer.VocabularySize,
                HiddenSize: 12,
                IntermediateSize: 24,
                NumHiddenLayers: 3,
                NumAttentionHeads: 2,
                MaxPositionEmbeddings: 77,
                EosTokenId: 2),
            seed: 1);
        text.SavePretrained(Path.Combine(Folder, "text_encoder"));
        using var unet = UNet2DConditionModel.FromConfig(TinyCondition.Config, seed: 2);
        unet.SavePretrained(Path.Combine(Folder, "unet"));
        using var masked = UNet2DConditionModel.FromConfig(TinyCondition.Config.WithInChannels(9), seed: 2);
        masked.SavePretrained(Path.Combine(Folder, "inpainting", "unet"));
        using var deep = UNet2DConditionModel.FromConfig(TinyCondition.Config.WithInChannels(5), seed: 2);
        deep.SavePretrained(Path.Combine(Folder, "depth", "unet"));
        Upscaler(text, tokenizer);
        using var vae = AutoencoderKL.FromConfig(new AutoencoderKLConfig(NormNumGroups: 4, SampleSize: EquatableArray.Of(16)).WithLevels(8, 16), seed: 3);
        vae.SavePretrained(Path.Combine(Folder, "vae"));
        Directory.CreateDirectory(Path.Combine(Folder, "scheduler"));
        File.WriteAllText(
            Path.Combine(Folder, "scheduler", "scheduler_config.json"),
            """{"_class_name": "DDIMScheduler", "beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012, "clip_sample": false, "set_alpha_to_one": false, "steps_offset": 1}""");
    }

    // Four times as large, 7 channels, a class for each level of noise.
    private void Upscaler(ClipTextModel text, ClipTokenizer tokenizer)
    {
        var folder = Path.Combine(Folder, "upscaler");
        using var unet = UNet2DConditionModel.FromConfig(TinyCondition.Config.WithInChannels(7) with { NumClassEmbeds = 1000 }, seed: 4);
        unet.SavePretrained(Path.Combine(folder, "unet"));
        using var vae = AutoencoderKL.FromConfig(new AutoencoderKLConfig(NormNumGroups: 4).WithLevels(8, 8, 16).WithScaling(0.08333), seed: 3);
        vae.SavePretrained(Path.Combine(folder, "vae"));
        text.SavePretrained(Path.Combine(folder, "text_encoder"));
        tokenizer.Save(Path.Combine(folder, "tokenizer"));
        foreach (var scheduler in new[] { "scheduler", "low_res_scheduler" })
        {
            Directory.CreateDirectory(Path.Combine(folder, scheduler));
            File.WriteAllText(
                Path.Combine(folder, scheduler, "scheduler_config.json"),
                $$"""{"_class_name": "{{(scheduler == "scheduler" ? "DDIM" : "DDPM")}}Scheduler", "beta_schedule": "scaled_linear", "beta_start": 0.0001, "beta_end": 0.02, "prediction_type": "{{(scheduler == "scheduler" ? "v_prediction" : "epsilon")}}"}""");
        }

        File.WriteAllText(Path.Combine(folder, "model_index.json"), """{"_class_name": "StableDiffusionUpscalePipeline", "max_noise_level": 340}""");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("diffusion-sd-").FullName;

    public Pipeline Pipeline
    {
        get
        {
            var sd = Pretrained.From(Folder);
            return Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet);
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
