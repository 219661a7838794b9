using System.Threading;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>The memory of parameters whose numbers are packed elsewhere.</summary>
internal static class PackedMemory
{
    private static int count;

    /// <summary>How many weights of the process are packed now.</summary>
    public static int Count => count;

    /// <summary>Frees a parameter's memory. It keeps shape, type and place; read all the same, it is NaN.</summary>
    public static void Release(Parameter weight)
    {
        using var recording = no_grad();
        using var one = full([1], double.NaN, weight.dtype, weight.device);
        using var all = one.expand(weight.shape);
        weight.set_(all);
        Interlocked.Increment(ref count);
    }

    /// <summary>A packed weight is disposed.</summary>
    public static void Forget() => Interlocked.Decrement(ref count);

    /// <summary>Gives a parameter its numbers again.</summary>
    public static void Restore(Parameter weight, Tensor plain)
    {
        using var recording = no_grad();
        weight.set_(plain);
        plain.Dispose();
        Forget();
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
