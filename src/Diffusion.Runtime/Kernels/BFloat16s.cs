using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Diffusion.Runtime.Kernels;

/// <summary>bfloat16 is the upper half of a float32; on the way down it is rounded to the nearest, ties to even.</summary>
internal static unsafe class BFloat16s
{
    /// <summary>One number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Widen(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);

    /// <summary>One number, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Narrow(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);

        return float.IsNaN(value) ? (ushort)0x7FC0 : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>16 numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ushort* from)
    {
        var (low, high) = Vector256.Widen(Vector256.Load(from));

        return (Vector512.Create(low, high) << 16).AsSingle();
    }

    /// <summary>16 numbers, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, ushort* to)
    {
        var upper = Rounded(values) >> 16;
        if (Avx512F.IsSupported)
            Avx512F.ConvertToVector256UInt16(upper).Store(to);
        else
            Vector256.Narrow(upper.GetLower(), upper.GetUpper()).Store(to);
    }

    /// <summary>16 pairs of numbers, rounded: each of the first beside its fellow of the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Vector512<float> first, Vector512<float> second, ushort* to) =>
        ((Rounded(first) >> 16) | (Rounded(second) & Vector512.Create(0xFFFF0000u))).Store((uint*)to);

    /// <summary>A run of numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ushort* from, float* to, int count)
    {
        var i = 0;
        for (; i + 16 <= count; i += 16)
            Load(from + i).Store(to + i);
        for (; i < count; i++)
            to[i] = Widen(from[i]);
    }

    /// <summary>A run of numbers, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow(float* from, ushort* to, int count)
    {
        var i = 0;
        for (; i + 16 <= count; i += 16)
            Store(Vector512.Load(from + i), to + i);
        for (; i < count; i++)
            to[i] = Narrow(from[i]);
    }

    // To the upper half; what is left in the lower one does not count.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Rounded(Vector512<float> values)
    {
        var bits = values.AsUInt32();
        var rounded = bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512.Create(1u));

        return Vector512.ConditionalSelect(Vector512.Equals(values, values).AsUInt32(), rounded, Vector512.Create(0x7FC00000u));
    }
}
