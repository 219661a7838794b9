using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Text;
using Diffusion.Runtime.Weights.Original;
using Diffusion.Tests.Models;
using Diffusion.Tests.Weights;
using Diffusion.Tests.Weights.Original;
using static TorchSharp.torch;

namespace Diffusion.Tests.Sampling;

/// <summary>Small models in one file of the original layout, and beside it in a folder of diffusers'. They are configured as shapes tell: 8 heads, 8 groups.</summary>
public sealed class TinySingleFiles : IDisposable
{
    private static readonly UNet2DConditionConfig UNet = TinyCondition.Config.WithHeads(8).WithSampleSize(64) with { NormNumGroups = 8 };
    private static readonly AutoencoderKLConfig Vae = new AutoencoderKLConfig(NormNumGroups: 8, SampleSize: EquatableArray.Of(512)).WithLevels(8, 16);

    private readonly WeightsFolder _folder = new();

    public TinySingleFiles()
    {
        using var scope = NewDisposeScope();
        var tokenizer = ClipTokenizer.Load(Goldens.PathOf("pipelines/sd_tiny/tokenizer"));
        tokenizer.Save(PathOf("words"));
        using var vae = AutoencoderKL.FromConfig(Vae, seed: 3);
        using var text = ClipTextModel.FromConfig(
            ClipTextConfig.StableDiffusion1 with { VocabSize = tokenizer.VocabularySize, HiddenSize = 12, IntermediateSize = 24, NumHiddenLayers = 3, NumAttentionHeads = 4 },
            seed: 1);
        var names = OriginalNames.Clip();
        var clip = text.state_dict().ToDictionary(pair => names.ToOriginal(pair.Key)!, pair => pair.Value);
        foreach (var (name, channels) in new[] { ("sd1", 4), ("inpaint", 9) })
        {
            using var unet = UNet2DConditionModel.FromConfig(UNet.WithInChannels(channels), seed: 2);
            SingleFile.Save(PathOf(name + ".safetensors"), unet, vae, others: clip);
            unet.SavePretrained(PathOf(name + "/unet"));
            vae.SavePretrained(PathOf(name + "/vae"));
            text.SavePretrained(PathOf(name + "/text_encoder"));
            tokenizer.Save(PathOf(name + "/tokenizer"));
            Directory.CreateDirectory(PathOf(name + "/scheduler"));
            File.WriteAllText(
                PathOf(name + "/scheduler/scheduler_config.json"),
                """{"_class_name": "PNDMScheduler", "beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012, "skip_prk_steps": true, "set_alpha_to_one": false, "steps_offset": 1}""");
        }

        using var second = UNet2DConditionModel.FromConfig(UNet.WithCrossAttentionDim(8) with { UseLinearProjection = true }, seed: 2);
        var tensors = OriginalFiles.OpenClip(8, 2, "cond_stage_model.model.").ToDictionary(
            tensor => tensor.Name,
            tensor => TinyAutoencoders.Noise(tensor.Shape is [49408, _] ? [tokenizer.VocabularySize, 8] : tensor.Shape));
        SingleFile.Save(PathOf("sd2.safetensors"), second, vae, others: tensors);
        Repack("sd1", 470000);
        Repack("sd2", 875000);
    }

    public string PathOf(string name) => _folder.PathOf(name);

    /// <summary>The pipeline of a file or a folder.</summary>
    public Pipeline Pipeline(string name)
    {
        var sd = Pretrained.From(PathOf(name));
        return Dsl.Pipeline.From(sd.Vae).Text(sd.Clip.WithTokenizer(Path.HasExtension(name) ? PathOf("words") : "tokenizer")).Unet(sd.Unet).Size(16, 16);
    }

    public void Dispose() => _folder.Dispose();

    // The same tensors as a checkpoint of a training.
    private void Repack(string name, int globalStep)
    {
        using var file = Runtime.Weights.Checkpoint.Open(PathOf(name + ".safetensors"));
        LightningFile.Write(_folder, name + ".ckpt", file.Entries.ToDictionary(entry => entry.Name, entry => file.Read(entry.Name).clone()), globalStep);
    }
}
