using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;

namespace Diffusion.Runtime.Models;

/// <summary>What each improvement of a U-Net over the course's first network costs in parameters.</summary>
public static class Ablations
{
    /// <summary>A table: the model as it is, without each improvement, and without all of them; parameters, the difference, and what of the configuration says it.</summary>
    /// <param name="config">The model as it is, such as <see cref="UNet2DConfig.Course"/>.</param>
    /// <returns>Lines that end with a line feed.</returns>
    /// <exception cref="DiffusionException">DIF0401 to DIF0407: a model cannot be built, such as one of Skip blocks without learned resampling.</exception>
    public static string Table(UNet2DConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var ablations = Enum.GetValues<Ablation>();
        var whole = Count(config);
        var rows = ablations
            .Select(ablation => ("without " + ablation, config.Without(ablation)))
            .Prepend(("as it is", config))
            .Append(("without all", ablations.Aggregate(config, (less, ablation) => less.Without(ablation))))
            .Select(row => new[] { row.Item1, Text(Count(row.Item2)), Difference(Count(row.Item2) - whole), string.Join(", ", Changed(config, row.Item2)) })
            .Prepend(["model", "parameters", "difference", "config.json"])
            .ToArray();
        var widths = Enumerable.Range(0, 3).Select(column => rows.Max(row => row[column].Length)).ToArray();

        return string.Concat(rows.Select(row => $"{row[0].PadRight(widths[0])}  {row[1].PadLeft(widths[1])}  {row[2].PadLeft(widths[2])}  {row[3]}".TrimEnd() + "\n"));
    }

    private static long Count(UNet2DConfig config)
    {
        using var model = UNet2DModel.FromConfig(config, LayerOptions.Shapes());

        return model.ParameterCount;
    }

    private static IEnumerable<string> Changed(UNet2DConfig from, UNet2DConfig to)
    {
        var before = from.ToJson();

        return to.ToJson().Members
            .Where(member => before.Find(member.Name)?.ToString() != member.Value.ToString())
            .Select(member => member.Value.Kind == JsonKind.Array ? member.Name : member.Name + ": " + member.Value);
    }

    private static string Difference(long difference) => difference == 0 ? "0" : Text(difference);

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
