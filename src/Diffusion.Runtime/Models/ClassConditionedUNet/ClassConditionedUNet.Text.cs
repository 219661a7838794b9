using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

public sealed partial class ClassConditionedUNet
{
    /// <summary>The number of parameters: 1,708,201 for the course's.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>The model as PyTorch prints it, layer by layer, with a line feed at the end.</summary>
    public string Print() => ModuleText.Of(this) + "\n";

    /// <summary>A table of the parts: output shape, parameters, and multiplications of one picture (MACs), with the totals. Runs on shapes alone.</summary>
    /// <param name="height">H; null: as the model was trained.</param>
    /// <param name="width">W; null: as the model was trained.</param>
    /// <param name="depth">How far parts are taken apart: 1 for the table and the U-Net, 2 for its blocks, 3 for their resnets and attentions.</param>
    /// <returns>Lines that end with a line feed.</returns>
    /// <exception cref="DiffusionException">DIF0407: the configuration has no size, and none is given.</exception>
    public string Summary(int? height = null, int? width = null, int depth = 2)
    {
        var (rows, columns) = UNet2DModel.SummarySize(height ?? Config.Unet.SampleHeight, width ?? Config.Unet.SampleWidth);
        using var scope = NewDisposeScope();
        using var shapes = FromConfig(Config, LayerOptions.Shapes());

        return ModuleSummary.Of(
            shapes,
            () => shapes.forward(zeros(1, Config.Unet.InChannels, rows, columns, device: META), zeros(1, device: META), zeros(1, ScalarType.Int64, device: META)),
            depth);
    }
}
