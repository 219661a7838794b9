using System.Linq;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

public abstract partial class ClipTextNetwork
{
    // The tower, the list of its blocks, and what is between them.
    private const int Levels = 2;

    /// <summary>The number of parameters, those that take no gradient included.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>The model as PyTorch prints it, layer by layer, with a line feed at the end.</summary>
    public string Print() => ModuleText.Of(this) + "\n";

    /// <summary>A table of the parts: output shape, parameters, and multiplications of one text of full length (MACs), with the totals. Runs on shapes alone.</summary>
    /// <param name="depth">How far parts are taken apart: 1 for blocks, 2 for their attentions, 3 for the layers of those.</param>
    /// <returns>Lines that end with a line feed.</returns>
    public string Summary(int depth = 1)
    {
        using var scope = NewDisposeScope();
        using var shapes = Like(LayerOptions.Shapes());

        return ModuleSummary.Of(shapes, () => shapes.forward(zeros(1, Config.MaxPositionEmbeddings, ScalarType.Int64, META)), depth + Levels);
    }

    /// <summary>Another model of the same configuration.</summary>
    internal abstract ClipTextNetwork Like(LayerOptions options);
}
