using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Diffusion.Runtime.Layers;

namespace Diffusion.Runtime.Models;

public sealed partial class BasicUNet
{
    /// <summary>The number of parameters: 309,057 for one channel in and out.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>The network as PyTorch prints it, layer by layer, with a line feed at the end.</summary>
    public string Print() => ModuleText.Of(this) + "\n";

    /// <summary>A table of the layers: output shape, parameters, and multiplications of one picture (MACs), with the totals.</summary>
    /// <param name="height">H of the picture, a multiple of 4.</param>
    /// <param name="width">W of the picture, a multiple of 4.</param>
    /// <returns>Lines that end with a line feed.</returns>
    public string Summary(int height = 28, int width = 28)
    {
        int[] shrunk = [1, 2, 4, 4, 2, 1];
        var layers = downLayers.Select((layer, i) => (Name: FormattableString.Invariant($"down_layers.{i}"), layer))
            .Concat(upLayers.Select((layer, i) => (Name: FormattableString.Invariant($"up_layers.{i}"), layer)))
            .Select((entry, i) => (entry.Name, entry.layer, Height: height / shrunk[i], Width: width / shrunk[i]))
            .ToArray();
        var rows = layers
            .Select(row => (
                row.Name,
                Shape: FormattableString.Invariant($"[N, {row.layer.OutChannels}, {row.Height}, {row.Width}]"),
                Parameters: row.layer.parameters().Sum(parameter => parameter.numel()),
                Macs: row.layer.Weight.numel() * row.Height * row.Width))
            .ToList();
        rows.Add(("total", "", rows.Sum(row => row.Parameters), rows.Sum(row => row.Macs)));
        var cells = rows.Select(row => new[] { row.Name, row.Shape, row.Parameters.ToString("N0", CultureInfo.InvariantCulture), row.Macs.ToString("N0", CultureInfo.InvariantCulture) })
            .Prepend(["layer", "output", "parameters", "MACs"])
            .ToArray();
        var widths = Enumerable.Range(0, 4).Select(column => cells.Max(row => row[column].Length)).ToArray();
        return string.Concat(cells.Select(row => $"{row[0].PadRight(widths[0])}  {row[1].PadRight(widths[1])}  {row[2].PadLeft(widths[2])}  {row[3].PadLeft(widths[3])}\n"));
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
