using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

public sealed partial class UNet2DModel
{
    /// <summary>The number of parameters, those that take no gradient included.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>The model as PyTorch prints it, layer by layer, with a line feed at the end.</summary>
    public string Print() => ModuleText.Of(this) + "\n";

    /// <summary>A table of the parts: output shape, parameters, and multiplications of one picture (MACs), with the totals. Runs on shapes alone.</summary>
    /// <param name="height">H; null: as the model was trained.</param>
    /// <param name="width">W; null: as the model was trained.</param>
    /// <param name="depth">How far parts are taken apart: 1 for blocks, 2 for their resnets and attentions, 3 for the layers of those.</param>
    /// <returns>Lines that end with a line feed.</returns>
    /// <exception cref="DiffusionException">DIF0407: the configuration has no size, and none is given.</exception>
    public string Summary(int? height = null, int? width = null, int depth = 1)
    {
        var (rows, columns) = SummarySize(height ?? Config.SampleHeight, width ?? Config.SampleWidth);
        using var scope = NewDisposeScope();
        using var shapes = FromConfig(Config, LayerOptions.Shapes());
        var labels = Config.ClassEmbedType switch
        {
            "identity" => zeros(1, Config.TimeEmbedDim, device: META),
            null when Config.NumClassEmbeds is null => null,
            _ => zeros(1, ScalarType.Int64, device: META),
        };

        return ModuleSummary.Of(shapes, () => shapes.forward(zeros(1, Config.InChannels, rows, columns, device: META), zeros(1, device: META), labels), depth);
    }

    internal static (int Height, int Width) SummarySize(int? height, int? width) =>
        (height, width) is ({ } rows, { } columns)
            ? (rows, columns)
            : throw Rules.ConfigNeeds.Error("sample_size", "null", "the size of the summary", "not given", "so give one, such as Summary(64, 64)");
}
