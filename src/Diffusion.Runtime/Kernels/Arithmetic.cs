using TorchSharp;
using Device = TorchSharp.torch.Device;
using ScalarType = TorchSharp.torch.ScalarType;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// Plain torch arithmetic with numbers. TorchSharp hands a number to torch by pointer, and its operators let the garbage collector take it while torch reads: here
/// every number, TorchSharp's own defaults as well, lives until the call is done. Differences, products and quotients of two tensors need none.
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
        using Scalar scalar = summand, factor = 1;
        return tensor.add(scalar, factor);
    }

    /// <summary>one + other, a new tensor.</summary>
    public static Tensor Plus(Tensor one, Tensor other)
    {
        using Scalar factor = 1;
        return one.add(other, factor);
    }

    /// <summary>1 − tensor, a new tensor.</summary>
    public static Tensor FromOne(Tensor tensor)
    {
        using var negative = tensor.neg();
        return Plus(negative, 1);
    }

    /// <summary>a·one + b·other, a new tensor.</summary>
    public static Tensor Mix(double a, Tensor one, double b, Tensor other)
    {
        using var first = Times(one, a);
        using var second = Times(other, b);
        return Plus(first, second);
    }

    /// <summary>tensor², a new tensor.</summary>
    public static Tensor Square(Tensor tensor)
    {
        using Scalar two = 2;
        return tensor.pow(two);
    }

    /// <summary>0, 1, … up to before <paramref name="count"/>, a new tensor.</summary>
    public static Tensor Range(long count, ScalarType type, Device device)
    {
        using Scalar first = 0, end = count, step = 1;
        return torch.arange(first, end, step, type, device);
    }

    /// <summary>Where numbers are above a limit, a new tensor.</summary>
    public static Tensor Above(Tensor tensor, double limit)
    {
        using Scalar scalar = limit;
        return tensor.gt(scalar);
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
    public static Tensor AddInto(Tensor target, Tensor other)
    {
        using Scalar factor = 1;
        return target.add_(other, factor);
    }

    /// <summary>target ← factor·target.</summary>
    public static Tensor Scale(Tensor target, double factor)
    {
        using Scalar scalar = factor;
        return target.mul_(scalar);
    }

    /// <summary>target ← value everywhere.</summary>
    public static Tensor Fill(Tensor target, double value)
    {
        using Scalar scalar = value;
        return target.fill_(scalar);
    }
}
