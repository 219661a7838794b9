using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Finds the self-attentions of a network that perturbed-attention guidance switches off.</summary>
internal static class PerturbedLayers
{
    private const string Middle = "mid_block";

    /// <summary>The self-attentions whose names begin with one of <paramref name="names"/>; without names those of the middle block, or of the deepest block that has some.</summary>
    /// <param name="network">The network.</param>
    /// <param name="names">Beginnings of names in the state dict, up to a dot or the end.</param>
    /// <exception cref="DiffusionException">DIF0420: no self-attention has such a name, or the network has none at all.</exception>
    public static IReadOnlySet<nn.Module> Of(nn.Module network, EquatableArray<string> names)
    {
        var all = network.named_modules().Where(entry => entry.module is Attention or TokenAttention { LooksAtText: false }).ToArray();
        var chosen = new HashSet<nn.Module>(ReferenceEqualityComparer.Instance);
        foreach (var name in names.IsEmpty ? EquatableArray.Of(Deepest(all.Select(entry => entry.name))) : names)
        {
            var found = all.Where(entry => Begins(entry.name, name)).ToArray();
            if (found.Length == 0)
            {
                throw Rules.PerturbedLayerUnknown.Error(name, network.GetName(), all.Length == 0 ? "a guider that needs none" : string.Join(", ", all.Select(entry => Block(entry.name)).Distinct()));
            }

            chosen.UnionWith(found.Select(entry => entry.module));
        }

        return chosen;
    }

    private static string Deepest(IEnumerable<string> names)
    {
        var blocks = names.Select(Block).Distinct().ToArray();
        return Array.Find(blocks, block => block == Middle)
            ?? blocks.Where(block => block.StartsWith("down_blocks", StringComparison.Ordinal)).OrderBy(block => block, StringComparer.Ordinal).LastOrDefault()
            ?? blocks.OrderBy(block => block, StringComparer.Ordinal).FirstOrDefault()
            ?? Middle;
    }

    // mid_block, down_blocks.2, up_blocks.1
    private static string Block(string name)
    {
        var parts = name.Split('.');
        return parts[0] == Middle || parts.Length == 1 ? parts[0] : parts[0] + "." + parts[1];
    }

    private static bool Begins(string name, string start) => start.Length > 0 && name.StartsWith(start, StringComparison.Ordinal) && (name.Length == start.Length || name[start.Length] == '.');
}
