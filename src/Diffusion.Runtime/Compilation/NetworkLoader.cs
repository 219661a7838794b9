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
    public static INetwork Load(CompiledPipeline compiled, Device device, Precision precision)
    {
        LibTorch.Require();
        var pipeline = compiled.Definition;
        if (pipeline.VaeModel is not null || pipeline.TextModel is not null)
        {
            throw Rules.NotYetCompiled.Error("loading a text encoder or a VAE", "and loads unconditional pipelines on pixels");
        }

        var model = pipeline.UnetModel!;
        var facts = compiled.Resolved.Facts.Unet;
        var (folder, type, place) = (PretrainedFolder.Of(model), ElementTypes.Of(precision), new torch.Device(device.ToString()));
        return facts?.ClassName switch
        {
            null or "UNet2DModel" => new UNet2DNetwork(UNet2DModel.FromPretrained(folder, type, place)),
            "ClassConditionedUNet" => new ClassConditionedNetwork(ClassConditionedUNet.FromPretrained(folder, type, place)),
            var other => throw Rules.ModelKindUnknown.Error(model.Source, other, "UNet2DModel and ClassConditionedUNet"),
        };
    }
}
