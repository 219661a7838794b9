using System;
using System.Collections.Generic;
using System.Linq;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>
/// Weights in the order in which this machine multiplies fastest, for inference on the CPU: linear layers and convolutions take theirs, and free the plain ones. Everything else about a
/// network stays: its names, shapes, counts, its files. Where gradients are recorded a layer brings its plain weight back by itself.
/// </summary>
public static class Packing
{
    /// <summary>Packs the weights of all layers of a network. Without effect on other devices, and where torch's own operations are the best there are.</summary>
    /// <param name="network">The network; nobody else uses it meanwhile.</param>
    /// <remarks>One layer after another, so that no more than one weight lies in memory twice. Results differ in the last digits: other sums, in float32.</remarks>
    public static void Pack(nn.Module network)
    {
        foreach (var layer in Weights(network).Values)
            layer.Packed.Pack();
    }

    /// <summary>Brings the plain weights back, the same numbers to the last bit, as training needs them.</summary>
    /// <param name="network">The network; nobody else uses it meanwhile.</param>
    public static void Unpack(nn.Module network)
    {
        foreach (var layer in Weights(network).Values)
            layer.Packed.Unpack();
    }

    /// <summary>The state dict with the numbers of packed weights; tensors made for it belong to the caller's dispose scope.</summary>
    internal static Dictionary<string, Tensor> StateDict(nn.Module network)
    {
        var state = network.state_dict();
        foreach (var (name, layer) in Weights(network).Where(entry => entry.Value.Packed.IsPacked))
            state[name] = layer.Packed.Plain();

        return state;
    }

    /// <summary>The layers that can pack their weight, by its name.</summary>
    internal static Dictionary<string, IPackable> Weights(nn.Module network)
    {
        ArgumentNullException.ThrowIfNull(network);

        return network.named_modules().Append(("", network))
            .Where(entry => entry.Item2 is IPackable)
            .GroupBy(entry => entry.Item2)
            .ToDictionary(group => group.First().Item1 is { Length: > 0 } name ? name + ".weight" : "weight", group => (IPackable)group.Key, StringComparer.Ordinal);
    }
}
