using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

public sealed partial class AutoencoderKL
{
    /// <summary>The number of parameters, those that take no gradient included.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>The model as PyTorch prints it, layer by layer, with a line feed at the end.</summary>
    public string Print() => ModuleText.Of(this) + "\n";

    /// <summary>A table of the parts: output shape, parameters, and multiplications of one picture (MACs) there and back, with the totals. Runs on shapes alone.</summary>
    /// <param name="height">H of the image; null: as the model was trained.</param>
    /// <param name="width">W of the image; null: as the model was trained.</param>
    /// <param name="depth">How far parts are taken apart: 1 for encoder and decoder, 2 for their blocks, 3 for the resnets of those, 4 for their layers.</param>
    /// <returns>Lines that end with a line feed.</returns>
    /// <exception cref="DiffusionException">DIF0432: the size is not a multiple of the factor.</exception>
    public string Summary(int? height = null, int? width = null, int depth = 1)
    {
        var (rows, columns) = (height ?? Config.SampleSize[0], width ?? Config.SampleSize[Config.SampleSize.Count - 1]);
        AutoencoderInputs.CheckRoundTrip(_layout, rows, columns);
        using var scope = NewDisposeScope();
        using var shapes = FromConfig(Config, LayerOptions.Shapes());

        return ModuleSummary.Of(shapes, () => shapes.forward(zeros(1, Config.InChannels, rows, columns, device: META)), depth);
    }
}
