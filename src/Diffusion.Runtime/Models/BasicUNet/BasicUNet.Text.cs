using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

public sealed partial class BasicUNet
{
    /// <summary>The number of parameters: 309,057 for one channel in and out.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>The network as PyTorch prints it, layer by layer, with a line feed at the end.</summary>
    public string Print() => ModuleText.Of(this) + "\n";

    /// <summary>A table of the layers: output shape, parameters, and multiplications of one picture (MACs), with the totals. Runs on shapes alone.</summary>
    /// <param name="height">H of the picture, a multiple of 4.</param>
    /// <param name="width">W of the picture, a multiple of 4.</param>
    /// <returns>Lines that end with a line feed.</returns>
    /// <exception cref="DiffusionException">DIF0410: a size is not a multiple of 4.</exception>
    public string Summary(int height = 28, int width = 28)
    {
        using var scope = NewDisposeScope();
        using var shapes = Create(LayerOptions.Shapes(), InChannels, OutChannels);

        return ModuleSummary.Of(shapes, () => shapes.forward(zeros(1, InChannels, height, width, device: META)), depth: 1);
    }

    /// <summary>What happens to a picture, line by line: the operation, the shape behind it, and where the two skips leave and come back.</summary>
    /// <param name="height">H of the picture, a multiple of 4.</param>
    /// <param name="width">W of the picture, a multiple of 4.</param>
    /// <returns>Lines that end with a line feed.</returns>
    public string Explain(int height = 28, int width = 28)
    {
        List<(string What, string Shape, string Note)> rows =
        [
            ("input", Shape(InChannels, 1), ""),
            ("down_layers.0, act", Shape(32, 1), "kept as skip 1"),
            ("downscale", Shape(32, 2), ""),
            ("down_layers.1, act", Shape(64, 2), "kept as skip 2"),
            ("downscale", Shape(64, 4), ""),
            ("down_layers.2, act", Shape(64, 4), ""),
            ("up_layers.0, act", Shape(64, 4), ""),
            ("upscale", Shape(64, 2), "+ skip 2"),
            ("up_layers.1, act", Shape(32, 2), ""),
            ("upscale", Shape(32, 1), "+ skip 1"),
            ("up_layers.2, act", Shape(OutChannels, 1), FormattableString.Invariant($"at least {LeastOutput:F4}, for SiLU comes last")),
        ];
        var (wide, deep) = (rows.Max(row => row.What.Length), rows.Max(row => row.Shape.Length));
        return rows
            .Aggregate(new StringBuilder(), (text, row) => text.Append($"{row.What.PadRight(wide)}  {row.Shape.PadRight(deep)}  {row.Note}".TrimEnd()).Append('\n'))
            .ToString();

        string Shape(int channels, int shrunk) => FormattableString.Invariant($"[N, {channels}, {height / shrunk}, {width / shrunk}]");
    }
}
