using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Diffusion.Dsl;
using Diffusion.Runtime.Files;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Runtime.Compilation;

/// <summary>Writes a pipeline as a folder in the layout of diffusers' DDPMPipeline, DDIMPipeline and StableDiffusionPipeline.</summary>
internal static class PipelineFolder
{
    private const string DiffusersVersion = "0.30.3";
    private const string DepthPipeline = "StableDiffusionDepth2ImgPipeline";
    private const string UpscalePipeline = "StableDiffusionUpscalePipeline";

    public static void Save(string folder, CompiledPipeline compiled, PipelineModels models)
    {
        using var network = models.Network.Use();
        var (save, library, kind) = Unet(Path.Combine(folder, "unet"), network.Network);
        var known = compiled.Resolved.Facts.Scheduler ?? (models.Vae is null ? SchedulerConfig.Default : SchedulerConfig.OfLatents);
        var config = known with { Noise = compiled.Spec.Noise, Prediction = compiled.Spec.Prediction };
        var sampler = compiled.Definition.Sampler is null && (models.Vae is null || compiled.Resolved.Facts.Scheduler is not null) ? compiled.Spec.Sampler : Schedulers.From(config, compiled.Spec.Sampler.StepCount ?? config.Noise.TrainTimesteps);
        var scheduler = sampler.DiffusersClass;
        var parts = new SortedDictionary<string, (string Library, string Class)>(StringComparer.Ordinal) { ["scheduler"] = ("diffusers", scheduler), ["unet"] = (library, kind) };
        Directory.CreateDirectory(Path.Combine(folder, "scheduler"));
        save();
        Write(Path.Combine(folder, "scheduler", "scheduler_config.json"), SchedulerConfigJson.Write(sampler, config));
        var channels = network.Network is UNet2DConditionNetwork { Model.Config.InChannels: var count } ? count : (int?)null;
        network.Dispose();
        if (models.Vae is { } autoencoder)
        {
            using var vae = autoencoder.Use();
            vae.Network.SavePretrained(Path.Combine(folder, "vae"));
            parts["vae"] = ("diffusers", nameof(AutoencoderKL));
        }

        if (models.Text is { } encoder)
        {
            using var text = encoder.Use();
            text.Network.Model.SavePretrained(Path.Combine(folder, "text_encoder"));
            text.Network.Tokenizer.Save(Path.Combine(folder, "tokenizer"));
            parts["text_encoder"] = ("transformers", text.Network.Model.Architecture);
            parts["tokenizer"] = ("transformers", "CLIPTokenizer");
        }

        var name = models.Text is null ? scheduler == "DDIMScheduler" ? "DDIMPipeline" : "DDPMPipeline" : TextPipeline(channels - models.VaeConfig?.LatentChannels, models.VaeConfig?.LatentChannels);
        var upscaler = name == UpscalePipeline ? compiled.Resolved.Facts.Upscaler : null;
        if (upscaler is not null)
        {
            Directory.CreateDirectory(Path.Combine(folder, "low_res_scheduler"));
            Write(Path.Combine(folder, "low_res_scheduler", "scheduler_config.json"), SchedulerConfigJson.Write(Schedulers.Ddpm().Resolve(config), SchedulerConfig.Default with { Noise = upscaler.Noise }));
            parts["low_res_scheduler"] = ("diffusers", "DDPMScheduler");
        }

        // Last: a folder with an index is whole.
        Write(Path.Combine(folder, "model_index.json"), Index(name, parts, upscaler));
    }

    // diffusers has a class for each kind of channels behind the latents.
    private static string TextPipeline(int? channels, int? latents) => channels switch
    {
        1 => DepthPipeline,
        3 => UpscalePipeline,
        { } extra when extra == latents + 1 => "StableDiffusionInpaintPipeline",
        _ => "StableDiffusionPipeline",
    };

    private static JsonValue Index(string name, SortedDictionary<string, (string Library, string Class)> parts, UpscalerFacts? upscaler)
    {
        var members = new List<JsonMember> { new("_class_name", JsonValue.Of(name)), new("_diffusers_version", JsonValue.Of(DiffusersVersion)) };
        // diffusers wants to be told that these are left out.
        var nothing = JsonValue.Array([JsonValue.Null, JsonValue.Null]);
        if (name == DepthPipeline)
        {
            members.Add(new("depth_estimator", nothing));
            members.Add(new("feature_extractor", nothing));
        }
        else if (upscaler is not null)
        {
            members.Add(new("feature_extractor", nothing));
            members.Add(new("max_noise_level", JsonValue.Of(upscaler.MaxNoiseLevel)));
            members.Add(new("safety_checker", nothing));
            members.Add(new("watermarker", nothing));
        }
        else if (parts.ContainsKey("text_encoder"))
        {
            members.Add(new("feature_extractor", nothing));
            members.Add(new("requires_safety_checker", JsonValue.Of(false)));
            members.Add(new("safety_checker", nothing));
        }

        foreach (var (part, (library, kind)) in parts)
        {
            members.Add(new(part, JsonValue.Array([JsonValue.Of(library), JsonValue.Of(kind)])));
        }

        return JsonValue.Object(members);
    }

    private static (Action Save, string Library, string Kind) Unet(string folder, INetwork network) => network switch
    {
        UNet2DNetwork { Model: var model } => (() => model.SavePretrained(folder), "diffusers", nameof(UNet2DModel)),
        UNet2DConditionNetwork { Model: var model } => (() => model.SavePretrained(folder), "diffusers", nameof(UNet2DConditionModel)),
        ClassConditionedNetwork { Model: var model } => (() => model.SavePretrained(folder), "diffusion_dsl", nameof(ClassConditionedUNet)),
        _ => throw Rules.NotYetCompiled.Error("saving a network that the program brought itself", "and saves UNet2DModel, UNet2DConditionModel and ClassConditionedUNet"),
    };

    private static void Write(string path, JsonValue json) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(json.ToIndentedString()));
}
