using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>The memory of parameters whose numbers are packed elsewhere.</summary>
internal static class PackedMemory
{
    /// <summary>Frees a parameter's memory. It keeps shape, type and place; read all the same, it is NaN.</summary>
    public static void Release(Parameter weight)
    {
        using var recording = no_grad();
        using var one = full([1], double.NaN, weight.dtype, weight.device);
        using var all = one.expand(weight.shape);
        weight.set_(all);
    }

    /// <summary>Gives a parameter its numbers again.</summary>
    public static void Restore(Parameter weight, Tensor plain)
    {
        using var recording = no_grad();
        weight.set_(plain);
        plain.Dispose();
    }

    /// <summary>Where gradients are recorded weights must be plain: unpacks a layer that is not.</summary>
    public static void Require(IPackable layer)
    {
        if (!layer.IsPacked)
            return;

        lock (layer)
        {
            layer.Unpack();
        }
    }
}
