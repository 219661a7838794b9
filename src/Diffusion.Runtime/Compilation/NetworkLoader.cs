using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Native;
using Diffusion.Runtime.Sampling;
using Diffusion.Runtime.Weights;
using Diffusion.Runtime.Weights.Original;
using TorchSharp;

namespace Diffusion.Runtime.Compilation;

/// <summary>Brings the networks of a compiled pipeline from disk.</summary>
internal static class NetworkLoader
{
    /// <summary>All networks; each was loaded once, so that what is missing or wrong is told here.</summary>
    /// <param name="compiled">The pipeline.</param>
    /// <param name="options">Where the networks run and whether they stay.</param>
    /// <param name="precisions">Their number formats.</param>
    /// <param name="prepare">What is done with the denoising network whenever it was loaded.</param>
    /// <param name="given">A denoising network that the program brings itself; it is disposed with the result, or where that fails. Null: it is loaded, too.</param>
    /// <param name="givenWorse">The same for the worse network of autoguidance.</param>
    /// <param name="givenText">The same for the text encoder.</param>
    public static PipelineModels Load(CompiledPipeline compiled, LoadOptions options, Precisions precisions, Action<INetwork> prepare, INetwork? given = null, INetwork? givenWorse = null, ClipTextEncoder? givenText = null)
    {
        LibTorch.Require();
        var pipeline = compiled.Definition;
        var (type, others, place, offload) = (ElementTypes.Of(precisions.Network), ElementTypes.Of(precisions.Others), new torch.Device(options.Device.ToString()), options.Offload);
        var guiders = compiled.Spec.Guiders.OfType<GradientGuidance>().ToArray();
        var (steers, passes) = (guiders.Length > 0, guiders.Any(guider => guider.ThroughNetwork));
        var loaded = new List<IDisposable>();
        AutoencoderKLConfig? config = null;
        try
        {
            // The tokenizer first: what is told of a small file should not wait for a large one.
            var text = givenText is not null ? Stage<ClipTextEncoder>.Resident(givenText)
                : pipeline.TextModel is { } encoder ? Staged(() => Text(encoder, others, place, Held(passed: false)))
                : null;
            var vae = pipeline.VaeModel is { } autoencoder ? Staged(() => With(Vae(autoencoder, others, place, Held(steers)), part => Freeze(part, steers)), loadedVae => config = loadedVae.Config) : null;
            var network = given is null ? Staged(() => Loaded(pipeline.UnetModel!, compiled.Resolved.Facts.Unet), Fits) : Kept(given, Fits);
            var worse = Worse(network);

            // Last: the losses free what they hold where one of them fails, and behind them nothing does.
            return new PipelineModels(network, vae, text) { VaeConfig = config, Worse = worse, Losses = SteeringLoader.Load(compiled, place) };
        }
        catch
        {
            loaded.ForEach(stage => stage.Dispose());
            given?.Dispose();
            givenWorse?.Dispose();
            givenText?.Dispose();
            throw;
        }

        // Packed weights give no gradients.
        WeightMemory Held(bool passed) => !passed && place.type == DeviceType.CPU ? WeightMemory.Packed : offload ? WeightMemory.Mapped : WeightMemory.Copied;

        INetwork Loaded(UnetModel model, UnetFacts? facts) => With(With(Network(compiled, model, facts, type, place, Held(passes)), network => Freeze((network as UNetNetwork)?.Module, passes)), prepare);

        // The network of autoguidance is loaded as the pipeline's own.
        Stage<INetwork>? Worse(Stage<INetwork> own)
        {
            var guider = pipeline.Guiders.OfType<AutoGuidance>().FirstOrDefault();
            return (guider, givenWorse) switch
            {
                (null, null) => null,
                (null, _) => throw Rules.WorseNotRead.Error(pipeline.Guiders.IsEmpty ? "no guider" : "the guidance " + string.Join(", ", pipeline.Guiders)),
                (_, { } worse) => ReferenceEquals(worse, given) ? own : Kept(worse),
                ({ Worse.Facts: not null }, _) => throw Rules.WorseNotGiven.Error(guider.Worse),
                _ => Staged(() => Loaded(guider.Worse, compiled.Resolved.Facts.Worse)),
            };
        }

        void Fits(INetwork network)
        {
            if (pipeline.Guiders.OfType<PerturbedAttentionGuidance>().FirstOrDefault() is { } guider && network is UNetNetwork unet)
            {
                unet.CheckPerturbed(guider.Layers);
            }
        }

        Stage<INetwork> Kept(INetwork network, Action<INetwork>? look = null)
        {
            prepare(network);
            look?.Invoke(network);
            return Stage<INetwork>.Resident(network);
        }

        Stage<T> Staged<T>(Func<T> load, Action<T>? look = null)
            where T : class, IDisposable
        {
            var stage = offload ? Stage<T>.Offloaded(load) : Stage<T>.Resident(load());
            loaded.Add(stage);
            using var lease = stage.Use();
            look?.Invoke(lease.Network);
            return stage;
        }
    }

    /// <summary>Tokenizer and text encoder by name.</summary>
    public static ClipTextEncoder Text(TextModel model, torch.ScalarType type, torch.Device place, WeightMemory memory) => ModelFolders.FindFile(model.Source) is { } file
        ? Packed(ClipTextEncoder.FromSingleFile(file, model.Tokenizer, OriginalConfigs.IndexOf(model.Subfolder) ?? 0, type, place), encoder => encoder.Model)
        : ClipTextEncoder.Load(model.Source, model.Subfolder, model.Tokenizer, type, place, memory: memory);

    /// <summary>An autoencoder by name.</summary>
    public static AutoencoderKL Vae(VaeModel model, torch.ScalarType type, torch.Device place, WeightMemory memory)
    {
        if (ModelFolders.FindFile(model.Source) is not { } file)
        {
            return AutoencoderKL.FromPretrained(PretrainedFolder.Part(model.Source, model.Subfolder), type, place, memory: memory);
        }

        // A file with an autoencoder alone does not say whose it is, so that its user may have to.
        var config = OriginalCheckpoint.Recognise(file, null).Vae;
        return Packed(AutoencoderKL.FromSingleFile(file, model.Facts is { } facts ? config?.WithScaling(facts.ScalingFactor) : config, type, place), vae => vae);
    }

    private static INetwork Network(CompiledPipeline compiled, UnetModel model, UnetFacts? facts, torch.ScalarType type, torch.Device place, WeightMemory memory)
    {
        var slices = compiled.Definition.AttentionSlices;
        if (ModelFolders.FindFile(model.Source) is { } file)
        {
            var config = OriginalCheckpoint.Recognise(file, compiled.Definition.PredictionType).UNet;
            return Conditioned(Packed(UNet2DConditionModel.FromSingleFile(file, config, type, place), unet => unet));
        }

        var folder = PretrainedFolder.Of(model);
        return facts?.ClassName switch
        {
            null or "UNet2DModel" => new UNet2DNetwork(With(UNet2DModel.FromPretrained(folder, type, place, memory: memory), unet => unet.AttentionSlicing = slices)),
            "ClassConditionedUNet" => new ClassConditionedNetwork(With(ClassConditionedUNet.FromPretrained(folder, type, place, memory: memory), unet => unet.Inner.AttentionSlicing = slices)),
            "UNet2DConditionModel" => Conditioned(UNet2DConditionModel.FromPretrained(folder, type, place, memory: memory)),
            var other => throw Rules.ModelKindUnknown.Error(model.Source, other, "UNet2DModel, UNet2DConditionModel and ClassConditionedUNet"),
        };

        UNet2DConditionNetwork Conditioned(UNet2DConditionModel unet) => new(
            With(unet, loaded => loaded.AttentionSlicing = slices),
            hoistsText: compiled.Options.HoistText,
            sharesHalves: compiled.Options.ShareHalves,
            hoistsChannels: compiled.Options.HoistChannels);
    }

    private static void Freeze(torch.nn.Module? network, bool passed)
    {
        if (passed && network is not null)
            SteeringLoader.Freeze(network);
    }

    // Folders are packed as they are read, files behind that.
    private static T Packed<T>(T loaded, Func<T, torch.nn.Module> network)
        where T : IDisposable => With(loaded, part => Packing.Pack(network(part)));

    private static T With<T>(T loaded, Action<T> then)
        where T : IDisposable
    {
        try
        {
            then(loaded);
            return loaded;
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }
}
