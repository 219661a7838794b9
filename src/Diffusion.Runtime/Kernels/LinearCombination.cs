using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Threading.Tasks;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Kernels;

/// <summary>The one-pass kernel behind <see cref="Combine"/>, and its spelling in torch operations.</summary>
internal static unsafe class LinearCombination
{
    private const int MaxTerms = 8;

    // Below this, splitting costs more than it saves; above, memory bandwidth of several cores pays.
    private const long ParallelThreshold = 1 << 20;

    public static Tensor New(double limit, ReadOnlySpan<double> factors, ReadOnlySpan<Tensor> sources)
    {
        if (!IsFast(sources[0], sources))
        {
            return Plain(limit, factors, sources);
        }

        var result = torch.empty_like(sources[0]);
        Fast(result, (float)limit, factors, sources);
        return result;
    }

    public static void Write(Tensor target, ReadOnlySpan<double> factors, ReadOnlySpan<Tensor> sources)
    {
        if (IsFast(target, sources))
        {
            Fast(target, float.PositiveInfinity, factors, sources);
            return;
        }

        using var sum = Plain(double.PositiveInfinity, factors, sources);
        target.copy_(sum);
    }

    /// <summary>The same in plain operations: any dtype, device and strides. One new tensor.</summary>
    public static Tensor Plain(double limit, ReadOnlySpan<double> factors, ReadOnlySpan<Tensor> sources)
    {
        // TorchSharp lets the garbage collector take a number while torch reads it, unless someone holds it.
        using Scalar first = factors[0];
        var sum = sources[0].mul(first);
        for (var k = 1; k < sources.Length; k++)
        {
            using Scalar factor = factors[k];
            sum.add_(sources[k], factor);
        }

        if (double.IsPositiveInfinity(limit))
        {
            return sum;
        }

        using Scalar low = -limit, high = limit;
        return sum.clamp_(low, high);
    }

    private static bool IsFast(Tensor target, ReadOnlySpan<Tensor> sources)
    {
        var count = target.numel();
        if (!IsPlainFloat(target) || count * sizeof(float) > int.MaxValue)
        {
            return false;
        }

        foreach (var source in sources)
        {
            // The same object needs no second look; a shorter one would be broadcast, which this kernel does not do.
            if (!ReferenceEquals(source, target) && (source.numel() != count || !IsPlainFloat(source)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPlainFloat(Tensor tensor) =>
        tensor.dtype == torch.ScalarType.Float32 && tensor.device_type == DeviceType.CPU && tensor.is_contiguous();

    private static void Fast(Tensor target, float limit, ReadOnlySpan<double> factors, ReadOnlySpan<Tensor> sources)
    {
        var output = (float*)Memory.Of(target);
        var terms = new Terms { Count = sources.Length, Limit = limit };
        for (var k = 0; k < sources.Length; k++)
        {
            terms.Factors[k] = (float)factors[k];
            terms.Sources[k] = Memory.Of(sources[k]);
        }

        var count = target.numel();
        if (count < ParallelThreshold)
        {
            Run(output, in terms, 0, count);
        }
        else
        {
            RunParallel((nint)output, terms, count);
        }

        GC.KeepAlive(target);
    }

    private static void RunParallel(nint output, Terms terms, long count)
    {
        var parts = Math.Max(1, torch.get_num_threads());
        var length = ((count / parts) + 15) / 16 * 16;
        Parallel.For(0, parts, part =>
        {
            var start = part * length;
            Run((float*)output, in terms, start, Math.Min(count, start + length));
        });
    }

    // Optimized at once: a sampler calls this some forty times, and tier 0 would be ten times slower for all of them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(float* output, in Terms terms, long start, long end)
    {
        fixed (float* a = terms.Factors)
        fixed (long* p = terms.Sources)
        {
            var i = start;
            var width = Vector512<float>.Count;
            var limit = Vector512.Create(terms.Limit);
            switch (terms.Count)
            {
                case 2:
                    var (a0, a1) = (Vector512.Create(a[0]), Vector512.Create(a[1]));
                    for (; i + width <= end; i += width)
                    {
                        Store(output, i, Vector512.FusedMultiplyAdd(a0, Load(p[0], i), a1 * Load(p[1], i)), limit);
                    }

                    break;
                case 3:
                    var (b0, b1, b2) = (Vector512.Create(a[0]), Vector512.Create(a[1]), Vector512.Create(a[2]));
                    for (; i + width <= end; i += width)
                    {
                        Store(output, i, Vector512.FusedMultiplyAdd(b0, Load(p[0], i), Vector512.FusedMultiplyAdd(b1, Load(p[1], i), b2 * Load(p[2], i))), limit);
                    }

                    break;
                default:
                    // Four vectors at once: the factors and addresses lie on the stack, and reading them again right behind a store to the target can
                    // cost ten times the arithmetic, as the two may look alike to the processor.
                    for (; i + (4 * width) <= end; i += 4 * width)
                    {
                        var factor = Vector512.Create(a[0]);
                        var (s0, s1, s2, s3) = (factor * Load(p[0], i), factor * Load(p[0], i + width), factor * Load(p[0], i + (2 * width)), factor * Load(p[0], i + (3 * width)));
                        for (var k = 1; k < terms.Count; k++)
                        {
                            factor = Vector512.Create(a[k]);
                            s0 = Vector512.FusedMultiplyAdd(factor, Load(p[k], i), s0);
                            s1 = Vector512.FusedMultiplyAdd(factor, Load(p[k], i + width), s1);
                            s2 = Vector512.FusedMultiplyAdd(factor, Load(p[k], i + (2 * width)), s2);
                            s3 = Vector512.FusedMultiplyAdd(factor, Load(p[k], i + (3 * width)), s3);
                        }

                        Store(output, i, s0, limit);
                        Store(output, i + width, s1, limit);
                        Store(output, i + (2 * width), s2, limit);
                        Store(output, i + (3 * width), s3, limit);
                    }

                    break;
            }

            for (; i < end; i++)
            {
                var sum = a[0] * ((float*)p[0])[i];
                for (var k = 1; k < terms.Count; k++)
                {
                    sum = MathF.FusedMultiplyAdd(a[k], ((float*)p[k])[i], sum);
                }

                output[i] = float.IsNaN(sum) ? sum : Math.Clamp(sum, -terms.Limit, terms.Limit);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(long source, long index) => Vector512.Load((float*)source + index);

    /// <summary>Min and max propagate NaN: a broken network shows as NaN, not as a grey picture.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* output, long index, Vector512<float> value, Vector512<float> limit) =>
        Vector512.Min(limit, Vector512.Max(-limit, value)).Store(output + index);

    private struct Terms
    {
        public fixed float Factors[MaxTerms];
        public fixed long Sources[MaxTerms];
        public int Count;
        public float Limit;
    }
}
