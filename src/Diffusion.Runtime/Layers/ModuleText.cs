using System;
using System.Collections.Generic;
using System.Linq;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>Writes modules as PyTorch's <c>print(model)</c> does, equal runs in a list folded to <c>(0-1): 2 x …</c>.</summary>
internal static class ModuleText
{
    /// <summary>The whole tree, without a line feed at the end.</summary>
    public static string Of(nn.Module module)
    {
        if (module is Absent)
            return "None";

        var name = TypeName(module);
        var children = module.named_children().Select(child => (child.name, text: Of(child.module))).ToArray();
        if (name == "ModuleList")
            children = [.. Fold(children.Select(child => child.text))];

        var settings = (module as IHasExtraText)?.ExtraText;
        if (children.Length == 0)
            return name + "(" + settings + ")";

        var lines = children.Select(child => $"  ({child.name}): {child.text.Replace("\n", "\n  ", StringComparison.Ordinal)}\n");

        return name + "(\n" + (settings is null ? "" : "  " + settings + "\n") + string.Concat(lines) + ")";
    }

    /// <summary>The name of a module's class in Python.</summary>
    internal static string TypeName(nn.Module module) => (module as IHasPrintedName)?.PrintedName ?? module.GetType().Name.Split('`')[0];

    private static IEnumerable<(string name, string text)> Fold(IEnumerable<string> texts)
    {
        var all = texts.ToArray();
        for (var start = 0; start < all.Length;)
        {
            var end = start;
            while (end + 1 < all.Length && all[end + 1] == all[start])
                end++;

            yield return end == start ? ($"{start}", all[start]) : ($"{start}-{end}", $"{end - start + 1} x {all[start]}");
            start = end + 1;
        }
    }
}
