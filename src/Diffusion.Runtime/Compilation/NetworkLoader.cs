using System;
using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Native;
using Diffusion.Runtime.Sampling;
using Diffusion.Runtime.Weights;
using TorchSharp;

namespace Diffusion.Runtime.Compilation;

/// <summary>Brings the networks of a compiled pipeline from disk.</summary>
internal static class NetworkLoader
{
    /// <summary>All networks; each was loaded once, so that what is missing or wrong is told here.</summary>
    /// <param name="compiled">The pipeline.</param>
    /// <param name="options">Where the networks run and whether they stay.</param>
    /// <param name="prepare">What is done with the denoising network whenever it was loaded.</param>
    public static PipelineModels Load(CompiledPipeline compiled, LoadOptions options, Action<INetwork> prepare)
    {
        LibTorch.Require();
        var pipeline = compiled.Definition;
        var (type, place, offload) = (ElementTypes.Of(options.Precision), new torch.Device(options.Device.ToString()), options.Offload);
        var memory = place.type == DeviceType.CPU ? WeightMemory.Packed : offload ? WeightMemory.Mapped : WeightMemory.Copied;
        var loaded = new List<IDisposable>();
        AutoencoderKLConfig? config = null;
        try
        {
            var network = Staged(() => Prepared(Network(compiled, type, place, memory), prepare));
            var vae = pipeline.VaeModel is { } autoencoder
                ? Staged(() => AutoencoderKL.FromPretrained(PretrainedFolder.Part(autoencoder.Source, autoencoder.Subfolder), type, place, memory: memory), loadedVae => config = loadedVae.Config)
                : null;
            var text = pipeline.TextModel is { } encoder
                ? Staged(() => ClipTextEncoder.Load(encoder.Source, encoder.Subfolder, encoder.Tokenizer, type, place, memory: memory))
                : null;
            return new PipelineModels(network, vae, text) { VaeConfig = config };
        }
        catch
        {
            loaded.ForEach(stage => stage.Dispose());
            throw;
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

    private static INetwork Prepared(INetwork network, Action<INetwork> prepare)
    {
        try
        {
            prepare(network);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static INetwork Network(CompiledPipeline compiled, torch.ScalarType type, torch.Device place, WeightMemory memory)
    {
        var model = compiled.Definition.UnetModel!;
        var (folder, slices) = (PretrainedFolder.Of(model), compiled.Definition.AttentionSlices);
        return compiled.Resolved.Facts.Unet?.ClassName switch
        {
            null or "UNet2DModel" => new UNet2DNetwork(Sliced(UNet2DModel.FromPretrained(folder, type, place, memory: memory), unet => unet.AttentionSlicing = slices)),
            "ClassConditionedUNet" => new ClassConditionedNetwork(Sliced(ClassConditionedUNet.FromPretrained(folder, type, place, memory: memory), unet => unet.Inner.AttentionSlicing = slices)),
            "UNet2DConditionModel" => new UNet2DConditionNetwork(
                Sliced(UNet2DConditionModel.FromPretrained(folder, type, place, memory: memory), unet => unet.AttentionSlicing = slices),
                hoistsText: compiled.Options.HoistText),
            var other => throw Rules.ModelKindUnknown.Error(model.Source, other, "UNet2DModel, UNet2DConditionModel and ClassConditionedUNet"),
        };
    }

    private static T Sliced<T>(T model, Action<T> set)
        where T : IDisposable
    {
        try
        {
            set(model);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
