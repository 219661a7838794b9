using System;
using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Native;
using Diffusion.Runtime.Sampling;
using Diffusion.Runtime.Weights;
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
            var network = Keep(Network(compiled, type, place));
            var vae = pipeline.VaeModel is { } autoencoder ? Keep(AutoencoderKL.FromPretrained(PretrainedFolder.Part(autoencoder.Source, autoencoder.Subfolder), type, place)) : null;
            var text = pipeline.TextModel is { } encoder ? Keep(ClipTextEncoder.Load(encoder.Source, encoder.Subfolder, encoder.Tokenizer, type, place)) : null;
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

    private static INetwork Network(CompiledPipeline compiled, torch.ScalarType type, torch.Device place)
    {
        var model = compiled.Definition.UnetModel!;
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
