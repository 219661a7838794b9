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

    /// <summary>target ← target + other.</summary>
    public static void AddInto(Tensor target, Tensor other)
    {
        using Scalar factor = 1;
        target.add_(other, factor);
    }
}
