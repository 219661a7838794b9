using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diffusion.Runtime.Kernels.Products;

/// <summary>What happens to the sums of <see cref="PairProduct"/> while the cache holds them, before they are rounded to bfloat16.</summary>
internal static unsafe class PairResult
{
    private const int Width = MatrixTile.Columns;
    private const int Lanes = 16;

    /// <summary>sums + bias + added, rounded.</summary>
    /// <param name="sums">Rows of 32 floats; not kept.</param>
    /// <param name="rows">How many.</param>
    /// <param name="bias">A bfloat16 for each column, or null.</param>
    /// <param name="added">bfloat16 with the strides of <paramref name="to"/>, or null.</param>
    /// <param name="to">Receives the first <paramref name="width"/> columns.</param>
    /// <param name="stride">bfloat16 from one row of it to the next.</param>
    /// <param name="width">Columns that are there, at most 32.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(float* sums, int rows, ushort* bias, ushort* added, ushort* to, nint stride, int width)
    {
        if (width < Width)
        {
            StorePart(sums, rows, bias, added, to, stride, width);
            return;
        }

        var (left, right) = (Load(bias), Load(bias is null ? null : bias + Lanes));
        for (var row = 0; row < rows; row++, sums += Width, to += stride)
        {
            var (one, other) = (Vector512.Load(sums) + left, Vector512.Load(sums + Lanes) + right);
            if (added is not null)
            {
                (one, other) = (one + BFloat16s.Load(added), other + BFloat16s.Load(added + Lanes));
                added += stride;
            }

            BFloat16s.Store(one, to);
            BFloat16s.Store(other, to + Lanes);
        }
    }

    /// <summary>(sums + bias) gelu(gates + gate bias), rounded.</summary>
    /// <param name="sums">Rows of 32 floats.</param>
    /// <param name="gates">Rows of 32 floats.</param>
    /// <param name="rows">How many.</param>
    /// <param name="bias">32 bfloat16, or null.</param>
    /// <param name="gateBias">32 bfloat16, or null.</param>
    /// <param name="to">Receives rows of 32.</param>
    /// <param name="stride">bfloat16 from one row of it to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void StoreGated(float* sums, float* gates, int rows, ushort* bias, ushort* gateBias, ushort* to, nint stride)
    {
        for (var at = 0; at < Width; at += Lanes)
        {
            var (shift, gateShift) = (Load(bias is null ? null : bias + at), Load(gateBias is null ? null : gateBias + at));
            for (nint row = 0; row < rows; row++)
            {
                var gate = VectorMath.Gelu(Vector512.Load(gates + (row * Width) + at) + gateShift);
                BFloat16s.Store((Vector512.Load(sums + (row * Width) + at) + shift) * gate, to + (row * stride) + at);
            }
        }
    }

    private static void StorePart(float* sums, int rows, ushort* bias, ushort* added, ushort* to, nint stride, int width)
    {
        for (nint row = 0; row < rows; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var sum = sums[(row * Width) + column] + (bias is null ? 0 : BFloat16s.Widen(bias[column]));
                to[(row * stride) + column] = BFloat16s.Narrow(sum + (added is null ? 0 : BFloat16s.Widen(added[(row * stride) + column])));
            }
        }
    }

    private static Vector512<float> Load(ushort* bias) => bias is null ? Vector512<float>.Zero : BFloat16s.Load(bias);
}
