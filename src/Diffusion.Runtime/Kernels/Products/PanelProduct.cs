using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diffusion.Runtime.Kernels.Products;

/// <summary>Some rows times one panel, and what happens to the result while the cache still holds it.</summary>
internal static unsafe class PanelProduct
{
    /// <summary>The most rows of a call that the second level of the cache holds beside a panel.</summary>
    public const int MostRows = 128;

    private const int Width = MatrixTile.Columns;

    // The greatest part of a panel is 48 KB: it stays in the cache while all rows pass it.
    private const int Depth = 384;

    private static readonly float* Zeros = Allocate();

    /// <summary>c = start + x b, or c += x b.</summary>
    /// <param name="x">Rows of <paramref name="depth"/> floats.</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">How many, at least 1.</param>
    /// <param name="b"><c>[depth, 32]</c>.</param>
    /// <param name="depth">The length of the sums.</param>
    /// <param name="start">32 floats that every row begins with; null: zeros.</param>
    /// <param name="c">Receives rows of 32 floats.</param>
    /// <param name="cStride">Floats from one row of c to the next.</param>
    /// <param name="adds">Whether rows begin with what c holds instead.</param>
    public static void Run(float* x, nint xStride, int rows, float* b, int depth, float* start, float* c, nint cStride, bool adds = false)
    {
        var from = stackalloc float*[MatrixTile.Rows];
        var to = stackalloc float*[MatrixTile.Rows];
        var parts = (depth + Depth - 1) / Depth;
        var step = (depth + parts - 1) / parts;
        for (var done = 0; done < depth; done += step)
        {
            var part = Math.Min(step, depth - done);
            var begin = adds || done > 0 ? null : start is null ? Zeros : start;
            for (var first = 0; first < rows; first += MatrixTile.Rows)
            {
                for (var row = 0; row < MatrixTile.Rows; row++)
                {
                    nint at = Math.Min(first + row, rows - 1);
                    from[row] = x + (at * xStride) + done;
                    to[row] = c + (at * cStride);
                }

                MatrixTile.Run(from, b + ((nint)done * Width), to, begin, part);
            }
        }
    }

    /// <summary>c += other, rows of 32 floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* c, nint cStride, float* other, nint otherStride, int rows)
    {
        for (var row = 0; row < rows; row++, c += cStride, other += otherStride)
        {
            (Vector512.Load(c) + Vector512.Load(other)).Store(c);
            (Vector512.Load(c + 16) + Vector512.Load(other + 16)).Store(c + 16);
        }
    }

    /// <summary>c *= gelu(gate), rows of 32 floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gate(float* c, nint cStride, float* gate, nint gateStride, int rows)
    {
        for (var row = 0; row < rows; row++, c += cStride, gate += gateStride)
        {
            (Vector512.Load(c) * VectorMath.Gelu(Vector512.Load(gate))).Store(c);
            (Vector512.Load(c + 16) * VectorMath.Gelu(Vector512.Load(gate + 16))).Store(c + 16);
        }
    }

    private static float* Allocate() => (float*)System.Runtime.InteropServices.NativeMemory.AllocZeroed(Width * sizeof(float));
}
