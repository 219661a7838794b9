using System;
using System.IO;
using System.Text;
using Diffusion.Dsl;
using Diffusion.Runtime.Files;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Runtime.Compilation;

/// <summary>Writes a pipeline as a folder in the layout of diffusers' DDPMPipeline and DDIMPipeline.</summary>
internal static class PipelineFolder
{
    private const string DiffusersVersion = "0.30.3";

    public static void Save(string folder, CompiledPipeline compiled, INetwork network)
    {
        var unet = Path.Combine(folder, "unet");
        (Action save, string library, string kind) = network switch
        {
            UNet2DNetwork { Model: var model } => (() => model.SavePretrained(unet), "diffusers", nameof(UNet2DModel)),
            ClassConditionedNetwork { Model: var model } => ((Action)(() => model.SavePretrained(unet)), "diffusion_dsl", nameof(ClassConditionedUNet)),
            _ => throw Rules.NotYetCompiled.Error("saving a network that the program brought itself", "and saves UNet2DModel and ClassConditionedUNet"),
        };
        var config = (compiled.Resolved.Facts.Scheduler ?? SchedulerConfig.Default) with { Noise = compiled.Spec.Noise, Prediction = compiled.Spec.Prediction };
        var sampler = compiled.Definition.Sampler is null ? compiled.Spec.Sampler : Schedulers.From(config, compiled.Spec.Sampler.StepCount ?? config.Noise.TrainTimesteps);
        var scheduler = sampler.DiffusersClass;
        Directory.CreateDirectory(Path.Combine(folder, "scheduler"));
        save();
        Write(Path.Combine(folder, "scheduler", "scheduler_config.json"), SchedulerConfigJson.Write(sampler, config));

        // Last: a folder with an index is whole.
        Write(Path.Combine(folder, "model_index.json"), JsonValue.Object(
        [
            new JsonMember("_class_name", JsonValue.Of(scheduler == "DDIMScheduler" ? "DDIMPipeline" : "DDPMPipeline")),
            new JsonMember("_diffusers_version", JsonValue.Of(DiffusersVersion)),
            new JsonMember("scheduler", JsonValue.Array([JsonValue.Of("diffusers"), JsonValue.Of(scheduler)])),
            new JsonMember("unet", JsonValue.Array([JsonValue.Of(library), JsonValue.Of(kind)])),
        ]));
    }

    private static void Write(string path, JsonValue json) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(json.ToIndentedString()));
}
