using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Estimation;

namespace Diffusion.Dsl;

/// <summary>
/// What a pipeline needs of memory, computed from the configurations of its models alone: parameters exactly, activations by a walk through each network that
/// counts every tensor from its making to its disposal. Of models that are unknown nothing is counted.
/// </summary>
/// <param name="Components">The parts that have weights.</param>
/// <param name="Stages">What runs one after another.</param>
/// <param name="AttentionScores">Bytes of the scores of the UNet's largest attention, where a kernel holds them whole; not part of <paramref name="Stages"/>, for on a CPU none does.</param>
public sealed record MemoryEstimate(EquatableArray<ComponentMemory> Components, EquatableArray<StageMemory> Stages, long AttentionScores)
{
    private const string Unet = "unet", Vae = "vae", Text = "text_encoder";

    /// <summary>Bytes of all weights.</summary>
    public long Weights => Components.Sum(component => component.Bytes);

    /// <summary>The most bytes beyond what the process has before it loads: all weights and the activations of the hungriest stage.</summary>
    public long Peak => Weights + Stages.Select(stage => stage.Activations).DefaultIfEmpty().Max();

    /// <summary>The same with offload: the weights and activations of one stage.</summary>
    public long OffloadedPeak => Stages.Select(stage => stage.Weights + stage.Activations).DefaultIfEmpty().Max();

    /// <summary>The memory of a pipeline.</summary>
    /// <param name="pipeline">The definition: its size, guidance, slices and tiles count.</param>
    /// <param name="configs">Its models' configurations.</param>
    /// <param name="batch">How many pictures are sampled at once; decoding takes one at a time.</param>
    /// <param name="precision">The number format of weights and activations.</param>
    /// <exception cref="DiffusionException">DIF0105: a batch below 1.</exception>
    public static MemoryEstimate Of(Pipeline pipeline, ModelConfigs configs, int batch = 1, Precision precision = Precision.Float32)
    {
        if (batch < 1)
            throw Rules.CountOutOfRange.Error("batch", batch);

        var bytes = precision == Precision.Float32 ? 4 : 2;
        var (components, stages) = (new List<ComponentMemory>(), new List<StageMemory>());
        if (configs.Text is { } text)
            Add("text", Text, configs.TextHasProjection ? "CLIPTextModelWithProjection" : "CLIPTextModel", TextWalk.Of(text, bytes, configs.TextHasProjection));

        var walk = Denoising(pipeline, configs, batch, bytes);
        if (walk.Ledger is { } denoising)
            Add("denoise", Unet, walk.ClassName, denoising);

        if (configs.Worse is { } other && Denoising(pipeline, other, batch, bytes) is { Ledger: { } weaker } worse)
            Beside(worse.ClassName, weaker);

        if (configs.Vae is { } vae && Latents(pipeline, configs) is { } latents)
        {
            Add("decode", Vae, "AutoencoderKL", Decoding(vae, latents, pipeline.VaeMemory, bytes), AutoencoderWalk.Encode(vae, new Feature(1, vae.InChannels, vae.Factor, vae.Factor), bytes).Parameters);
        }

        return new MemoryEstimate(components.ToEquatableArray(), stages.ToEquatableArray(), (walk.Ledger?.Scores ?? 0) * bytes);

        // Autoguidance: its network is there while the UNet is, and runs behind it.
        void Beside(string kind, Ledger ledger)
        {
            components.Add(new ComponentMemory("worse unet", kind, ledger.Parameters, ledger.Parameters * bytes));
            var at = stages.FindIndex(stage => stage.Component == Unet);
            if (at >= 0)
                stages[at] = stages[at] with { Weights = stages[at].Weights + (ledger.Parameters * bytes), Activations = Math.Max(stages[at].Activations, ledger.Peak) };
        }

        void Add(string stage, string name, string kind, Ledger ledger, long otherHalf = 0)
        {
            var parameters = ledger.Parameters + otherHalf;
            components.Add(new ComponentMemory(name, kind, parameters, parameters * bytes));
            stages.Add(new StageMemory(stage, name, parameters * bytes, ledger.Peak));
        }
    }

    private static (Ledger? Ledger, string ClassName) Denoising(Pipeline pipeline, ModelConfigs configs, int batch, int bytes)
    {
        var rows = batch * (pipeline.Guiders.Any(guider => guider.ComparesWithUnconditional) ? 2 : 1);
        if (Latents(pipeline, configs) is not { } latents)
            return (null, "");

        Feature Sample(int channels) => latents with { Samples = rows, Channels = channels };
        return configs switch
        {
            { Condition: { } config } => (ConditionWalk.Of(config, Sample(config.InChannels), bytes, pipeline.AttentionSlices), "UNet2DConditionModel"),
            { Unet: { } config } => (UnconditionalWalk.Of(config, Sample(config.InChannels), bytes, pipeline.AttentionSlices), "UNet2DModel"),
            { ClassConditioned: { } config } => (WithTable(UnconditionalWalk.Of(config.Inner, Sample(config.Inner.InChannels), bytes, pipeline.AttentionSlices), config), ClassConditionedUNetConfig.ClassName),
            _ => (null, ""),
        };
    }

    private static Ledger WithTable(Ledger ledger, ClassConditionedUNetConfig config)
    {
        ledger.Weights((long)config.Rows * config.EmbeddingSize);
        return ledger;
    }

    // Height and width of x; null where nobody says them.
    private static Feature? Latents(Pipeline pipeline, ModelConfigs configs)
    {
        var factor = configs.Vae?.Factor ?? 1;
        var height = pipeline.Height / factor ?? configs.Condition?.SampleHeight ?? configs.Unet?.SampleHeight ?? configs.ClassConditioned?.Unet.SampleHeight ?? configs.Vae?.SampleSize[0] / factor;
        var width = pipeline.Width / factor ?? configs.Condition?.SampleWidth ?? configs.Unet?.SampleWidth ?? configs.ClassConditioned?.Unet.SampleWidth ?? configs.Vae?.SampleSize[configs.Vae.SampleSize.Count - 1] / factor;
        return height is { } h && width is { } w ? new Feature(1, configs.Vae?.LatentChannels ?? 1, h, w) : null;
    }

    // One picture; in tiles the one that is decoded, and the finished picture beside it.
    private static Ledger Decoding(AutoencoderKLConfig vae, Feature latents, VaeMemory? memory, int bytes)
    {
        var tile = memory is { Tiles: true } ? Math.Max((memory.TileSize ?? vae.SampleSize[0]) / vae.Factor, 1) : long.MaxValue;
        if (latents.Height <= tile && latents.Width <= tile)
            return AutoencoderWalk.Decode(vae, latents, bytes);

        var ledger = AutoencoderWalk.Decode(vae, latents with { Height = Math.Min(tile, latents.Height), Width = Math.Min(tile, latents.Width) }, bytes);
        var pixels = latents.Places * vae.Factor * vae.Factor;
        ledger.Keep(vae.OutChannels * pixels);
        return ledger;
    }
}
