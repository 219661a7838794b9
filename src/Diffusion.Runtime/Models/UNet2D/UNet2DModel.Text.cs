using System.Globalization;
using System.Linq;
using System.Text;
using Diffusion.Runtime.Layers;

namespace Diffusion.Runtime.Models;

public sealed partial class UNet2DModel
{
    /// <summary>The number of parameters, those that take no gradient included.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>The model as PyTorch prints it, layer by layer, with a line feed at the end.</summary>
    public string Print() => ModuleText.Of(this) + "\n";

    /// <summary>A table of the parts with their numbers of parameters, and the total, with a line feed at the end.</summary>
    public string Summary()
    {
        var rows = named_children()
            .SelectMany(child => child.module is TorchSharp.Modules.ModuleList<UNet2DDownBlock> or TorchSharp.Modules.ModuleList<UNet2DUpBlock>
                ? child.module.named_children().Select(block => (name: child.name + "." + block.name, block.module))
                : [child])
            .Select(child => (child.name, kind: child.module.GetType().Name, count: child.module.parameters().Sum(parameter => parameter.numel())))
            .Append((name: "total", kind: nameof(UNet2DModel), count: ParameterCount))
            .Select(row => (row.name, row.kind, count: row.count.ToString("N0", CultureInfo.InvariantCulture)))
            .ToArray();
        var (nameWidth, kindWidth, countWidth) = (rows.Max(row => row.name.Length), rows.Max(row => row.kind.Length), rows.Max(row => row.count.Length));

        return rows
            .Aggregate(
                new StringBuilder(),
                (table, row) => table.Append(row.name.PadRight(nameWidth)).Append("  ").Append(row.kind.PadRight(kindWidth)).Append("  ").Append(row.count.PadLeft(countWidth)).Append('\n'))
            .ToString();
    }
}
