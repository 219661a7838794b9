using Diffusion.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>The sum at the end of a residual layer.</summary>
internal static class Residual
{
    /// <summary>(hidden + input) / scale, in the place of <paramref name="hidden"/> where no gradient is recorded.</summary>
    public static Tensor Add(Tensor hidden, Tensor input, double scale)
    {
        if (is_grad_enabled())
        {
            if (scale == 1)
                return Arithmetic.Plus(hidden, input);

            using var sum = Arithmetic.Plus(hidden, input);

            return Arithmetic.Over(sum, scale);
        }

        Arithmetic.AddInto(hidden, input);
        if (scale != 1)
        {
            using Scalar divisor = scale;
            hidden.div_(divisor);
        }

        return hidden;
    }

    /// <summary>A new tensor plus another, or as it is where there is none; the tensor is consumed.</summary>
    public static Tensor AddTo(Tensor result, Tensor? added)
    {
        if (added is null)
            return result;

        var sum = Add(result, added, scale: 1);
        if (!ReferenceEquals(sum, result))
            result.Dispose();

        return sum;
    }
}
