using System;
using System.Linq;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Weights;
using TorchSharp;

namespace Diffusion.Runtime.Sampling;

/// <summary>The weights of whatever network a stage holds.</summary>
internal static class StageWeights
{
    /// <summary>Their bytes; 0 for a network that the program brought itself.</summary>
    public static long Bytes(object network) => Module(network) is { } module
        ? module.parameters().Concat(module.buffers()).Sum(tensor => tensor.IsInvalid ? 0 : tensor.numel() * ElementTypes.Size(tensor.dtype))
        : 0;

    /// <summary>A network that no dispose scope of the calling thread owns: other threads may use it, and for longer.</summary>
    public static T Loaded<T>(Func<T> load)
        where T : class
    {
        using var scope = torch.NewDisposeScope();
        var network = load();
        foreach (var tensor in Module(network) is { } module ? module.parameters().Concat(module.buffers()) : [])
        {
            tensor.DetachFromDisposeScope();
        }

        return network;
    }

    private static torch.nn.Module? Module(object network) => network switch
    {
        UNetNetwork unet => unet.Module,
        ClipTextEncoder encoder => encoder.Model,
        torch.nn.Module module => module,
        _ => null,
    };
}
