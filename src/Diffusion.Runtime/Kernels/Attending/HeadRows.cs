using System.Runtime.CompilerServices;

namespace Diffusion.Runtime.Kernels.Attending;

/// <summary>Rows of one head among those of all heads, float32 or bfloat16, to and from float32 in one run of memory.</summary>
internal static unsafe class HeadRows
{
    /// <summary><c>[count, dim]</c>, as it lies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(nint rows, nint offset, nint stride, int count, int dim, bool isHalf, float* to)
    {
        for (nint row = 0; row < count; row++, to += dim)
        {
            if (isHalf)
                BFloat16s.Widen((ushort*)rows + offset + (row * stride), to, dim);
            else
                new System.Span<float>((float*)rows + offset + (row * stride), dim).CopyTo(new System.Span<float>(to, dim));
        }
    }

    /// <summary>Turned, <c>[dim, length]</c>, times a factor; zeros up to <paramref name="length"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(nint rows, nint offset, nint stride, int count, int dim, bool isHalf, float* to, int length, float factor)
    {
        if (count < length)
            new System.Span<float>(to, dim * length).Clear();
        for (nint row = 0; row < count; row++)
        {
            var at = offset + (row * stride);
            for (nint channel = 0; channel < dim; channel++)
                to[(channel * length) + row] = factor * (isHalf ? BFloat16s.Widen(((ushort*)rows)[at + channel]) : ((float*)rows)[at + channel]);
        }
    }

    /// <summary>The first columns of <c>[dim, 32]</c> as rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TurnBack(float* from, nint rows, nint offset, nint stride, int count, int dim, bool isHalf)
    {
        for (nint row = 0; row < count; row++)
        {
            var at = offset + (row * stride);
            for (nint channel = 0; channel < dim; channel++)
            {
                var value = from[(channel * Products.MatrixTile.Columns) + row];
                if (isHalf)
                    ((ushort*)rows)[at + channel] = BFloat16s.Narrow(value);
                else
                    ((float*)rows)[at + channel] = value;
            }
        }
    }
}
