using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diffusion.Runtime.Kernels;

/// <summary>silu of the group norm of one group, forward and backward, on vectors of 16 pixels. The last vector of a row overlaps the one before it.</summary>
/// <remarks>
/// y = a x + b with a = scale / deviation, b = shift − a mean; out = y σ(y). Backward, with g = ∂/∂out: ∂y = g σ (1 + y (1 − σ)),
/// ∂shift = Σ ∂y, ∂scale = Σ ∂y (x − mean) / deviation, ∂x = (∂y scale − m₁ − x̂ m₂) / deviation, where x̂ is the normed input and m₁, m₂ the group's
/// means of ∂y scale and of ∂y scale x̂ (Wu and He 2018, arXiv:1803.08494, differentiated).
/// </remarks>
internal static unsafe class NormSilu
{
    private const int Width = 16;

    // Partial sums of so many pixels are added in double: long rows lose nothing.
    private const int Block = 4096;

    /// <summary>One group.</summary>
    /// <returns>The mean and 1 / deviation.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Mean, float InverseDeviation) Forward(float* x, float* scale, float* shift, float* output, int channels, int pixels, float epsilon)
    {
        var count = channels * pixels;
        var mean = (float)(Sum(x, count, 0, squared: false) / count);
        var inverse = (float)(1 / Math.Sqrt((Sum(x, count, mean, squared: true) / count) + epsilon));
        for (var channel = 0; channel < channels; channel++, x += pixels, output += pixels)
        {
            var factor = scale[channel] * inverse;
            var (a, b) = (Vector512.Create(factor), Vector512.Create(shift[channel] - (factor * mean)));
            for (var i = 0; i < pixels; i += Width)
            {
                var at = Math.Min(i, pixels - Width);
                var y = Vector512.FusedMultiplyAdd(a, Vector512.Load(x + at), b);
                (y * VectorMath.Sigmoid(y)).Store(output + at);
            }
        }

        return (mean, inverse);
    }

    /// <summary>The gradients of one group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(in NormGradients group, int channels, int pixels)
    {
        var x = group.X;
        var g = group.OutputGradient;
        var dx = group.InputGradient;
        var (mean, inverse) = (group.Mean, group.InverseDeviation);
        var (centre, one) = (Vector512.Create(mean), Vector512<float>.One);
        double ofShift = 0, ofScale = 0;
        var fresh = Fresh(pixels);
        for (var channel = 0; channel < channels; channel++, x += pixels, g += pixels, dx += pixels)
        {
            var factor = group.Scale[channel] * inverse;
            var (a, b) = (Vector512.Create(factor), Vector512.Create(group.Shift[channel] - (factor * mean)));
            double sum = 0, product = 0;
            for (var start = 0; start < pixels; start += Block)
            {
                var (sums, products) = (Vector512<float>.Zero, Vector512<float>.Zero);
                var end = Math.Min(pixels, start + Block);
                for (var i = start; i < end; i += Width)
                {
                    var at = Math.Min(i, pixels - Width);
                    var input = Vector512.Load(x + at);
                    var y = Vector512.FusedMultiplyAdd(a, input, b);
                    var sigmoid = VectorMath.Sigmoid(y);
                    var d = Vector512.Load(g + at) * sigmoid * Vector512.FusedMultiplyAdd(y, one - sigmoid, one);
                    d.Store(dx + at);
                    if (at != i)
                        d &= fresh;
                    sums += d;
                    products = Vector512.FusedMultiplyAdd(d, input - centre, products);
                }

                sum += Vector512.Sum(sums);
                product += Vector512.Sum(products);
            }

            product *= inverse;
            (group.ShiftGradient[channel], group.ScaleGradient[channel]) = ((float)sum, (float)product);
            ofShift += sum * group.Scale[channel];
            ofScale += product * group.Scale[channel];
        }

        // ∂x = scale / deviation ∂y − slope (x − mean) − level
        var count = channels * (double)pixels;
        var (slope, level) = (Vector512.Create((float)(ofScale / count * inverse * inverse)), Vector512.Create((float)(ofShift / count * inverse)));
        x = group.X;
        dx = group.InputGradient;
        for (var channel = 0; channel < channels; channel++, x += pixels, dx += pixels)
        {
            var a = Vector512.Create(group.Scale[channel] * inverse);
            for (var i = 0; i < pixels; i += Width)
            {
                var at = Math.Min(i, pixels - Width);
                var d = Vector512.Load(dx + at);
                var value = Vector512.FusedMultiplyAdd(a, d, -Vector512.FusedMultiplyAdd(slope, Vector512.Load(x + at) - centre, level));
                (at == i ? value : Vector512.ConditionalSelect(fresh, value, d)).Store(dx + at);
            }
        }
    }

    // The lanes of a row's last vector that the one before it did not have.
    private static Vector512<float> Fresh(int pixels)
    {
        var rest = pixels % Width;

        return Vector512.GreaterThanOrEqual(Vector512<int>.Indices, Vector512.Create(rest == 0 ? 0 : Width - rest)).AsSingle();
    }

    // Σ (x − centre), or of its square.
    private static double Sum(float* x, int count, float centre, bool squared)
    {
        double total = 0;
        var shift = Vector512.Create(centre);
        var fresh = Fresh(count);
        for (var start = 0; start < count; start += Block)
        {
            var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
            var end = Math.Min(count, start + Block);
            var i = start;
            for (; i + (2 * Width) <= end; i += 2 * Width)
            {
                var (one, other) = (Vector512.Load(x + i) - shift, Vector512.Load(x + i + Width) - shift);
                even += squared ? one * one : one;
                odd += squared ? other * other : other;
            }

            for (; i < end; i += Width)
            {
                var at = Math.Min(i, count - Width);
                var value = Vector512.Load(x + at) - shift;
                if (at != i)
                    value &= fresh;
                even += squared ? value * value : value;
            }

            total += Vector512.Sum(even + odd);
        }

        return total;
    }
}
