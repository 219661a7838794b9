using System;
using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Native;
using Diffusion.Runtime.Sampling;
using Diffusion.Runtime.Weights;
using Diffusion.Runtime.Weights.Original;
using TorchSharp;
using Device = Diffusion.Dsl.Device;

namespace Diffusion.Runtime.Compilation;

/// <summary>Brings the networks of a compiled pipeline from disk.</summary>
internal static class NetworkLoader
{
    public static PipelineModels Load(CompiledPipeline compiled, Device device, Precision precision)
    {
        LibTorch.Require();
        var pipeline = compiled.Definition;
        var (type, place) = (ElementTypes.Of(precision), new torch.Device(device.ToString()));
        var loaded = new List<IDisposable>();
        try
        {
            // The tokenizer first: what is told of a small file should not wait for a large one.
            var text = pipeline.TextModel is { } encoder ? Keep(Text(encoder, type, place)) : null;
            var vae = pipeline.VaeModel is { } autoencoder ? Keep(Vae(autoencoder, type, place)) : null;
            var network = Keep(Network(compiled, type, place));
            return new PipelineModels(network, vae, text);
        }
        catch
        {
            loaded.ForEach(part => part.Dispose());
            throw;
        }

        T Keep<T>(T part)
            where T : IDisposable
        {
            loaded.Add(part);
            return part;
        }
    }

    private static ClipTextEncoder Text(TextModel model, torch.ScalarType type, torch.Device place) => ModelFolders.FindFile(model.Source) is { } file
        ? ClipTextEncoder.FromSingleFile(file, model.Tokenizer, OriginalConfigs.IndexOf(model.Subfolder) ?? 0, type, place)
        : ClipTextEncoder.Load(model.Source, model.Subfolder, model.Tokenizer, type, place);

    private static AutoencoderKL Vae(VaeModel model, torch.ScalarType type, torch.Device place)
    {
        if (ModelFolders.FindFile(model.Source) is not { } file)
        {
            return AutoencoderKL.FromPretrained(PretrainedFolder.Part(model.Source, model.Subfolder), type, place);
        }

        // A file with an autoencoder alone does not say whose it is, so that its user may have to.
        var config = OriginalCheckpoint.Recognise(file, null).Vae;
        return AutoencoderKL.FromSingleFile(file, model.Facts is { } facts ? config?.WithScaling(facts.ScalingFactor) : config, type, place);
    }

    private static INetwork Network(CompiledPipeline compiled, torch.ScalarType type, torch.Device place)
    {
        var model = compiled.Definition.UnetModel!;
        if (ModelFolders.FindFile(model.Source) is { } file)
        {
            var config = OriginalCheckpoint.Recognise(file, compiled.Definition.PredictionType).UNet;
            return new UNet2DConditionNetwork(UNet2DConditionModel.FromSingleFile(file, config, type, place), hoistsText: compiled.Options.HoistText);
        }

        var folder = PretrainedFolder.Of(model);
        return compiled.Resolved.Facts.Unet?.ClassName switch
        {
            null or "UNet2DModel" => new UNet2DNetwork(UNet2DModel.FromPretrained(folder, type, place)),
            "ClassConditionedUNet" => new ClassConditionedNetwork(ClassConditionedUNet.FromPretrained(folder, type, place)),
            "UNet2DConditionModel" => new UNet2DConditionNetwork(UNet2DConditionModel.FromPretrained(folder, type, place), hoistsText: compiled.Options.HoistText),
            var other => throw Rules.ModelKindUnknown.Error(model.Source, other, "UNet2DModel, UNet2DConditionModel and ClassConditionedUNet"),
        };
    }
}
