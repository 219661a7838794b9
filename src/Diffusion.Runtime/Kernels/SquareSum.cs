using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels;

/// <summary>Σ x² over a tensor: in one pass for float32 on a CPU with vectors of 16 floats, otherwise in torch's operations.</summary>
internal static unsafe class SquareSum
{
    private const int Width = 16;

    // Partial sums of so many elements are added in double.
    private const long Block = 4096;

    private static readonly Lazy<bool> Works = new(SelfTest);

    /// <summary>Σ x²; a NaN stays one.</summary>
    public static double Of(Tensor x)
    {
        if (Vector512.IsHardwareAccelerated && Memory.IsPlainFloat(x) && Works.Value)
            return Fast((float*)Memory.Of(x), x.numel());

        using var scope = NewDisposeScope();

        return Arithmetic.Square(x).sum().to(ScalarType.Float64).item<double>();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Fast(float* x, long count)
    {
        double total = 0;
        for (long start = 0; start < count; start += Block)
        {
            var end = Math.Min(count, start + Block);
            var i = start;
            var sum = Vector512<float>.Zero;
            for (; i + Width <= end; i += Width)
            {
                var value = Vector512.Load(x + i);
                sum = Vector512.FusedMultiplyAdd(value, value, sum);
            }

            total += Vector512.Sum(sum);
            for (; i < end; i++)
                total += (double)x[i] * x[i];
        }

        return total;
    }

    // On a machine where the vectors do not give the sum, they are not used: 1² + … + 37².
    private static bool SelfTest()
    {
        var numbers = stackalloc float[37];
        for (var i = 0; i < 37; i++)
            numbers[i] = i + 1;

        return Fast(numbers, 37) == 37 * 38 * 75 / 6;
    }
}
