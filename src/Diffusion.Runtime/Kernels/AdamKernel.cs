using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// One step of AdamW on one parameter: in one pass over its memory for float32 on a CPU with vectors of 16 floats, otherwise in PyTorch's operations. Both
/// in PyTorch's order.
/// </summary>
internal static unsafe class AdamKernel
{
    private const int Width = 16;

    private static readonly Lazy<bool> Works = new(SelfTest);

    /// <summary>Whether the one pass takes these tensors.</summary>
    public static bool Fits(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (!Memory.IsPlainFloat(tensor))
                return false;
        }

        return Vector512.IsHardwareAccelerated && Works.Value;
    }

    /// <summary>In PyTorch's operations: any dtype, device and strides.</summary>
    public static void Plain(Tensor parameter, Tensor gradient, Tensor first, Tensor second, AdamFactors factors)
    {
        using Scalar keep = factors.Keep, beta2 = factors.Beta2, rest = 1 - factors.Beta2, correction = factors.Correction, epsilon = factors.Epsilon, rate = -factors.Rate, one = 1;
        using var towards = tensor(1 - factors.Beta1, gradient.dtype, gradient.device);
        parameter.mul_(keep);
        first.lerp_(gradient, towards);
        second.mul_(beta2).addcmul_(gradient, gradient, rest);
        using var root = second.sqrt();
        root.div_(correction).add_(epsilon, one);
        parameter.addcdiv_(first, root, rate);
    }

    /// <summary>In one pass.</summary>
    /// <param name="p">The parameter.</param>
    /// <param name="g">Its gradient.</param>
    /// <param name="m">The mean gradient.</param>
    /// <param name="v">The mean squared gradient.</param>
    /// <param name="count">How many floats each has.</param>
    /// <param name="factors">The step's numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast(float* p, float* g, float* m, float* v, long count, AdamFactors factors)
    {
        var (keep, towards, beta2, rest) = ((float)factors.Keep, (float)(1 - factors.Beta1), (float)factors.Beta2, (float)(1 - factors.Beta2));
        var (rate, correction, epsilon) = ((float)-factors.Rate, (float)factors.Correction, (float)factors.Epsilon);
        long i = 0;
        for (; i + Width <= count; i += Width)
        {
            var gradient = Vector512.Load(g + i);
            var first = Lerp(Vector512.Load(m + i), gradient, towards);
            var second = Vector512.FusedMultiplyAdd(Vector512.Create(rest) * gradient, gradient, Vector512.Load(v + i) * beta2);
            first.Store(m + i);
            second.Store(v + i);
            var root = (Vector512.Sqrt(second) / Vector512.Create(correction)) + Vector512.Create(epsilon);
            ((Vector512.Load(p + i) * keep) + (rate * first / root)).Store(p + i);
        }

        for (; i < count; i++)
        {
            m[i] = Lerp(Vector512.CreateScalar(m[i]), Vector512.CreateScalar(g[i]), towards).ToScalar();
            v[i] = MathF.FusedMultiplyAdd(rest * g[i], g[i], v[i] * beta2);
            p[i] = (p[i] * keep) + (rate * m[i] / ((MathF.Sqrt(v[i]) / correction) + epsilon));
        }
    }

    /// <summary>from ← from + weight (to − from), a moving average.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Average(float* from, float* to, long count, float weight)
    {
        long i = 0;
        for (; i + Width <= count; i += Width)
            Lerp(Vector512.Load(from + i), Vector512.Load(to + i), weight).Store(from + i);
        for (; i < count; i++)
            from[i] = Lerp(Vector512.CreateScalar(from[i]), Vector512.CreateScalar(to[i]), weight).ToScalar();
    }

    // On a machine where the vectors do not give what the library gives, they are not used.
    private static bool SelfTest()
    {
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        var factors = new AdamFactors(1 - 1e-5, 0.9, 0.999, 1e-2, 0.1, 1e-8);
        Tensor[] plain = [.. Enumerable.Range(0, 4).Select(_ => rand([37], generator: generator))];
        Tensor[] fast = [.. plain.Select(tensor => tensor.clone())];
        Plain(plain[0], plain[1], plain[2], plain[3], factors);
        Fast((float*)Memory.Of(fast[0]), (float*)Memory.Of(fast[1]), (float*)Memory.Of(fast[2]), (float*)Memory.Of(fast[3]), 37, factors);
        plain[1].lerp_(plain[0], tensor(0.1f));
        Average((float*)Memory.Of(fast[1]), (float*)Memory.Of(fast[0]), 37, 0.1f);

        return plain.Zip(fast).All(pair => pair.First.allclose(pair.Second, rtol: 1e-5, atol: 1e-6));
    }

    // As PyTorch's: from the nearer end, so that a weight of 1 copies.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Lerp(Vector512<float> from, Vector512<float> to, float weight) => weight < 0.5f
        ? Vector512.FusedMultiplyAdd(Vector512.Create(weight), to - from, from)
        : Vector512.FusedMultiplyAdd(Vector512.Create(weight - 1), to - from, to);
}
