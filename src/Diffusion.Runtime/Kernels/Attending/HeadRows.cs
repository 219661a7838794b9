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

    /// <summary>Turned, <c>[dim, length]</c>; zeros from <paramref name="count"/> up to <paramref name="length"/>.</summary>
    public static void Turn(nint rows, nint offset, nint stride, int count, int dim, bool isHalf, float* to, int length)
    {
        if (count < length)
            new System.Span<float>(to, dim * length).Clear();
        if (!isHalf)
        {
            Transposition.Run((float*)rows + offset, stride, count, dim, to, length);
            return;
        }

        // A few rows at a time as float32.
        const int Few = 8;
        var wide = stackalloc float[Few * dim];
        for (var row = 0; row < count; row += Few)
        {
            var some = System.Math.Min(Few, count - row);
            Pack(rows, offset + (row * stride), stride, some, dim, isHalf, wide);
            Transposition.Run(wide, dim, some, dim, to + row, length);
        }
    }

    /// <summary>Turned as bfloat16, <c>[dim, length]</c>; zeros from <paramref name="count"/> up to <paramref name="length"/>.</summary>
    public static void TurnHalf(ushort* rows, nint stride, int count, int dim, ushort* to, int length)
    {
        const int Few = 16;
        var wide = stackalloc float[Few * dim];
        var turned = stackalloc float[dim * Few];
        for (var row = 0; row < length; row += Few)
        {
            var some = System.Math.Min(Few, count - row);
            Pack((nint)rows, row * stride, stride, some, dim, isHalf: true, wide);
            Transposition.Run(wide, dim, some, dim, turned, Few);
            for (nint channel = 0; channel < dim; channel++)
            {
                BFloat16s.Narrow(turned + (channel * Few), to + (channel * length) + row, some);
                if (row + some < length && some < Few)
                    to[(channel * length) + row + some] = 0;
            }
        }
    }

    /// <summary>The first columns of <c>[dim, 32]</c> as rows.</summary>
    public static void TurnBack(float* from, nint rows, nint offset, nint stride, int count, int dim, bool isHalf)
    {
        if (!isHalf)
        {
            Transposition.Run(from, Products.MatrixTile.Columns, dim, count, (float*)rows + offset, stride);
            return;
        }

        var wide = stackalloc float[count * dim];
        TurnBackHalf(from, (ushort*)rows + offset, stride, count, dim, wide);
    }

    /// <summary>The first columns of <c>[dim, 32]</c> as rows of bfloat16.</summary>
    public static void TurnBackHalf(float* from, ushort* rows, nint stride, int count, int dim, float* wide)
    {
        Transposition.Run(from, Products.MatrixTile.Columns, dim, count, wide, dim);
        for (nint row = 0; row < count; row++)
            BFloat16s.Narrow(wide + (row * dim), rows + (row * stride), dim);
    }
}
