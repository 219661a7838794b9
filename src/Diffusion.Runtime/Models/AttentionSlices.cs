using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Tells all attentions of a network how many heads they take at a time.</summary>
internal static class AttentionSlices
{
    /// <summary>The slicing, which all attentions of the network can have.</summary>
    /// <exception cref="DiffusionException">DIF0470: an attention has fewer heads than a slice.</exception>
    public static Slicing? Checked(nn.Module network, Slicing? slicing)
    {
        var least = Layers(network).Select(layer => layer.Heads).DefaultIfEmpty(long.MaxValue).Min();

        return slicing?.Heads > least ? throw Rules.SliceTooLarge.Error(slicing.Heads, network.GetName(), least) : slicing;
    }

    /// <summary>Sets a checked slicing; null: attentions take all heads at once.</summary>
    public static void Set(nn.Module network, Slicing? slicing)
    {
        foreach (var layer in Layers(network))
            layer.Slice = slicing?.HeadsOf((int)layer.Heads);
    }

    private static IEnumerable<IHasHeads> Layers(nn.Module network) => network.modules().OfType<IHasHeads>();
}
