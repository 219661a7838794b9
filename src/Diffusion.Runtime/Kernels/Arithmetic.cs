using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// Plain torch arithmetic with numbers. TorchSharp hands a number to torch by pointer, and its operators let the garbage collector take it while torch reads: here
/// the number lives until the call is done.
/// </summary>
internal static class Arithmetic
{
    /// <summary>factor·tensor, a new tensor.</summary>
    public static Tensor Times(Tensor tensor, double factor)
    {
        using Scalar scalar = factor;
        return tensor.mul(scalar);
    }

    /// <summary>tensor ÷ divisor, a new tensor.</summary>
    public static Tensor Over(Tensor tensor, double divisor)
    {
        using Scalar scalar = divisor;
        return tensor.div(scalar);
    }

    /// <summary>tensor + summand, a new tensor.</summary>
    public static Tensor Plus(Tensor tensor, double summand)
    {
        using Scalar scalar = summand;
        return tensor.add(scalar);
    }

    /// <summary>one + other, a new tensor.</summary>
    public static Tensor Plus(Tensor one, Tensor other)
    {
        using Scalar factor = 1;
        return one.add(other, factor);
    }

    /// <summary>one − other, a new tensor.</summary>
    public static Tensor Minus(Tensor one, Tensor other)
    {
        using Scalar factor = -1;
        return one.add(other, factor);
    }

    /// <summary>Where numbers are below a limit, a new tensor.</summary>
    public static Tensor Below(Tensor tensor, double limit)
    {
        using Scalar scalar = limit;
        return tensor.lt(scalar);
    }

    /// <summary>Numbers brought into [least, most], a new tensor.</summary>
    public static Tensor Clamped(Tensor tensor, double least, double most)
    {
        using Scalar low = least, high = most;
        return tensor.clamp(low, high);
    }

    /// <summary>target ← target + other.</summary>
    public static void AddInto(Tensor target, Tensor other)
    {
        using Scalar factor = 1;
        target.add_(other, factor);
    }
}
