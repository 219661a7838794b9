using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diffusion.Runtime.Kernels.Products;

/// <summary>
/// The innermost loop of products in float32: 8 rows by 32 columns of the result stay in registers while the sum runs, two multiplications of 16 numbers for each
/// number of a. Rows may lie anywhere; several may be the same, so that a rest of fewer rows needs no loop of its own.
/// </summary>
internal static unsafe class MatrixTile
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 8;

    /// <summary>Columns of a tile.</summary>
    public const int Columns = 32;

    private const int Lanes = 16;

    /// <summary>c = start + a b, or c += a b.</summary>
    /// <param name="a">8 rows of <paramref name="depth"/> floats.</param>
    /// <param name="b"><c>[depth, 32]</c>.</param>
    /// <param name="c">8 rows of 32 floats.</param>
    /// <param name="start">32 floats that every row of the result begins with; null: it begins with what c holds.</param>
    /// <param name="depth">The length of the sum.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float** a, float* b, float** c, float* start, int depth)
    {
        float* a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5], a6 = a[6], a7 = a[7];
        Vector512<float> c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51, c60, c61, c70, c71;
        c00 = c10 = c20 = c30 = c40 = c50 = c60 = c70 = Vector512<float>.Zero;
        c01 = c11 = c21 = c31 = c41 = c51 = c61 = c71 = Vector512<float>.Zero;
        for (nint i = 0; i < depth; i++, b += Columns)
        {
            var (b0, b1) = (Vector512.Load(b), Vector512.Load(b + Lanes));
            var factor = Vector512.Create(a0[i]);
            c00 = Vector512.FusedMultiplyAdd(factor, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(factor, b1, c01);
            factor = Vector512.Create(a1[i]);
            c10 = Vector512.FusedMultiplyAdd(factor, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(factor, b1, c11);
            factor = Vector512.Create(a2[i]);
            c20 = Vector512.FusedMultiplyAdd(factor, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(factor, b1, c21);
            factor = Vector512.Create(a3[i]);
            c30 = Vector512.FusedMultiplyAdd(factor, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(factor, b1, c31);
            factor = Vector512.Create(a4[i]);
            c40 = Vector512.FusedMultiplyAdd(factor, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(factor, b1, c41);
            factor = Vector512.Create(a5[i]);
            c50 = Vector512.FusedMultiplyAdd(factor, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(factor, b1, c51);
            factor = Vector512.Create(a6[i]);
            c60 = Vector512.FusedMultiplyAdd(factor, b0, c60);
            c61 = Vector512.FusedMultiplyAdd(factor, b1, c61);
            factor = Vector512.Create(a7[i]);
            c70 = Vector512.FusedMultiplyAdd(factor, b0, c70);
            c71 = Vector512.FusedMultiplyAdd(factor, b1, c71);
        }

        // Added at the end: a long sum in parts of some hundreds loses less than one chain does. All is read before anything is written, as rows may be the same.
        if (start is null)
        {
            (c00, c01) = (c00 + Vector512.Load(c[0]), c01 + Vector512.Load(c[0] + Lanes));
            (c10, c11) = (c10 + Vector512.Load(c[1]), c11 + Vector512.Load(c[1] + Lanes));
            (c20, c21) = (c20 + Vector512.Load(c[2]), c21 + Vector512.Load(c[2] + Lanes));
            (c30, c31) = (c30 + Vector512.Load(c[3]), c31 + Vector512.Load(c[3] + Lanes));
            (c40, c41) = (c40 + Vector512.Load(c[4]), c41 + Vector512.Load(c[4] + Lanes));
            (c50, c51) = (c50 + Vector512.Load(c[5]), c51 + Vector512.Load(c[5] + Lanes));
            (c60, c61) = (c60 + Vector512.Load(c[6]), c61 + Vector512.Load(c[6] + Lanes));
            (c70, c71) = (c70 + Vector512.Load(c[7]), c71 + Vector512.Load(c[7] + Lanes));
        }
        else
        {
            var (left, right) = (Vector512.Load(start), Vector512.Load(start + Lanes));
            (c00, c01) = (c00 + left, c01 + right);
            (c10, c11) = (c10 + left, c11 + right);
            (c20, c21) = (c20 + left, c21 + right);
            (c30, c31) = (c30 + left, c31 + right);
            (c40, c41) = (c40 + left, c41 + right);
            (c50, c51) = (c50 + left, c51 + right);
            (c60, c61) = (c60 + left, c61 + right);
            (c70, c71) = (c70 + left, c71 + right);
        }

        Store(c[0], c00, c01);
        Store(c[1], c10, c11);
        Store(c[2], c20, c21);
        Store(c[3], c30, c31);
        Store(c[4], c40, c41);
        Store(c[5], c50, c51);
        Store(c[6], c60, c61);
        Store(c[7], c70, c71);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* row, Vector512<float> left, Vector512<float> right)
    {
        left.Store(row);
        right.Store(row + Lanes);
    }
}
