using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Diffusion.Runtime.Kernels;

/// <summary>Rows to columns, 8 by 8 in registers.</summary>
internal static unsafe class Transposition
{
    private const int Side = 8;

    /// <summary>to[column, row] = from[row, column].</summary>
    /// <param name="from">Rows of <paramref name="columns"/> floats.</param>
    /// <param name="fromStride">Floats from one of these rows to the next.</param>
    /// <param name="rows">How many.</param>
    /// <param name="columns">How long they are.</param>
    /// <param name="to">Receives <paramref name="columns"/> rows of <paramref name="rows"/> floats.</param>
    /// <param name="toStride">Floats from one of those to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* from, nint fromStride, int rows, int columns, float* to, nint toStride)
    {
        var (wholeRows, wholeColumns) = Avx.IsSupported ? (rows / Side * Side, columns / Side * Side) : (0, 0);
        for (nint row = 0; row < wholeRows; row += Side)
        {
            for (nint column = 0; column < wholeColumns; column += Side)
                Square(from + (row * fromStride) + column, fromStride, to + (column * toStride) + row, toStride);
        }

        for (nint row = 0; row < rows; row++)
        {
            for (nint column = row < wholeRows ? wholeColumns : 0; column < columns; column++)
                to[(column * toStride) + row] = from[(row * fromStride) + column];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(float* from, nint fromStride, float* to, nint toStride)
    {
        Pairs(from, fromStride, out var a0, out var a1, out var a2, out var a3);
        Pairs(from + (4 * fromStride), fromStride, out var b0, out var b1, out var b2, out var b3);
        Avx.Permute2x128(a0, b0, 0x20).Store(to);
        Avx.Permute2x128(a1, b1, 0x20).Store(to + toStride);
        Avx.Permute2x128(a2, b2, 0x20).Store(to + (2 * toStride));
        Avx.Permute2x128(a3, b3, 0x20).Store(to + (3 * toStride));
        to += 4 * toStride;
        Avx.Permute2x128(a0, b0, 0x31).Store(to);
        Avx.Permute2x128(a1, b1, 0x31).Store(to + toStride);
        Avx.Permute2x128(a2, b2, 0x31).Store(to + (2 * toStride));
        Avx.Permute2x128(a3, b3, 0x31).Store(to + (3 * toStride));
    }

    // Four rows: column 0 and 4 of them, 1 and 5, 2 and 6, 3 and 7.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pairs(float* from, nint stride, out Vector256<float> first, out Vector256<float> second, out Vector256<float> third, out Vector256<float> fourth)
    {
        var (r0, r1, r2, r3) = (Vector256.Load(from), Vector256.Load(from + stride), Vector256.Load(from + (2 * stride)), Vector256.Load(from + (3 * stride)));
        var (low01, high01, low23, high23) = (Avx.UnpackLow(r0, r1), Avx.UnpackHigh(r0, r1), Avx.UnpackLow(r2, r3), Avx.UnpackHigh(r2, r3));
        first = Avx.Shuffle(low01, low23, 0x44);
        second = Avx.Shuffle(low01, low23, 0xEE);
        third = Avx.Shuffle(high01, high23, 0x44);
        fourth = Avx.Shuffle(high01, high23, 0xEE);
    }
}
