using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>
/// A table of a model's parts: output shape, parameters, and multiplications of one picture (MACs), of convolutions, linear layers and attention. A
/// copy of the model runs once, on shapes without numbers where libtorch can.
/// </summary>
internal static class ModuleSummary
{
    /// <summary>The table; its rows add up to its last line.</summary>
    /// <param name="shapes">A copy of the model, best with <see cref="LayerOptions.Shapes"/>; hooks stay in it.</param>
    /// <param name="run">Runs the model with one sample.</param>
    /// <param name="depth">How far parts are taken apart: 1 for the model's own, more for theirs.</param>
    /// <returns>Lines that end with a line feed.</returns>
    public static string Of(nn.Module shapes, Action run, int depth)
    {
        var calls = new Dictionary<nn.Module, Call>();
        var order = 0;
        foreach (var layer in shapes.modules().OfType<nn.Module<Tensor, Tensor>>())
            layer.register_forward_hook((_, input, output) => Record(layer, input, output));
        foreach (var layer in shapes.modules().OfType<nn.Module<Tensor, Tensor?, Tensor>>())
            layer.register_forward_hook((_, input, _, output) => Record(layer, input, output));
        foreach (var layer in shapes.modules().OfType<nn.Module<Tensor, TextCondition?, Tensor>>())
            layer.register_forward_hook((_, input, _, output) => Record(layer, input, output));

        Tensor Record(nn.Module layer, Tensor input, Tensor output)
        {
            calls[layer] = new Call(order++, output.Sizes(), Products(calls, layer) + ((layer as ICountsProducts)?.Products(input.Sizes(), output.Sizes()) ?? 0));
            return output;
        }

        using (no_grad())
        using (NewDisposeScope())
            run();

        var rows = Rows("", shapes, depth, calls).ToList();
        rows.Add(new Row("total", ModuleText.TypeName(shapes), "", Count(shapes), Total(shapes, calls)));

        return Table(rows);
    }

    // The rows of what is inside, the module's own parameters first; lists are not counted as parts.
    private static IEnumerable<Row> Rows(string prefix, nn.Module module, int depth, Dictionary<nn.Module, Call> calls) =>
        module.named_parameters(recurse: false).Select(own => new Row(prefix + own.name, "Parameter", "", own.parameter.numel(), 0))
            .Concat(module.named_children().SelectMany(child => child.module.GetType().Name.StartsWith("ModuleList", StringComparison.Ordinal)
                ? Rows(prefix + child.name + ".", child.module, depth, calls)
                : Part(prefix + child.name, child.module, depth, calls)));

    private static IEnumerable<Row> Part(string name, nn.Module module, int depth, Dictionary<nn.Module, Call> calls)
    {
        if (depth > 1 && module.named_children().Any(child => Count(child.module) > 0))
        {
            foreach (var row in Rows(name + ".", module, depth - 1, calls))
                yield return row;
            if (Products(calls, module) is > 0 and var own)
                yield return new Row(name, "products", Shape(module, calls), 0, own);
        }
        else if (Count(module) > 0 || Total(module, calls) > 0)
        {
            yield return new Row(name, ModuleText.TypeName(module), Shape(module, calls), Count(module), Total(module, calls));
        }
    }

    private static long Count(nn.Module module) => module.parameters().Sum(parameter => parameter.numel());

    private static long Products(Dictionary<nn.Module, Call> calls, nn.Module module) => calls.GetValueOrDefault(module)?.Products ?? 0;

    private static long Total(nn.Module module, Dictionary<nn.Module, Call> calls) => Whole(module).Sum(part => Products(calls, part));

    // A block has no call of its own here: its output is that of what ran last in it.
    private static string Shape(nn.Module module, Dictionary<nn.Module, Call> calls)
    {
        var call = calls.GetValueOrDefault(module) ?? Whole(module).Select(part => calls.GetValueOrDefault(part)).OfType<Call>().MaxBy(last => last.Order);

        return call is null ? "" : "[" + string.Join(", ", call.Output.Skip(1).Select(size => size.ToString(CultureInfo.InvariantCulture)).Prepend("N")) + "]";
    }

    private static IEnumerable<nn.Module> Whole(nn.Module module) => module.modules().Append(module).Distinct();

    private static string Table(List<Row> rows)
    {
        var cells = rows
            .Select(row => new[] { row.Name, row.Kind, row.Output, Text(row.Parameters), Text(row.Products) })
            .Prepend(["layer", "type", "output", "parameters", "MACs"])
            .ToArray();
        var widths = Enumerable.Range(0, 5).Select(column => cells.Max(row => row[column].Length)).ToArray();

        return string.Concat(cells.Select(row => string.Join("  ", row.Select((cell, column) => column < 3 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))) + "\n"));
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Call(int Order, long[] Output, long Products);

    private sealed record Row(string Name, string Kind, string Output, long Parameters, long Products);
}
