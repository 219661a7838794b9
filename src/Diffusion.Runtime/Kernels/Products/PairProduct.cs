using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Diffusion.Runtime.Kernels.Products;

/// <summary>
/// Some rows times one panel in bfloat16, summed in float32: the block product (brgemm) of oneDNN as libtorch 2.10 exports it to C++ (ATen/native/CPUBlas.h), 440 GFlop/s a core
/// where packed layers reach 250. It makes a piece of code for every size and thread once; a few sizes are a few milliseconds.
/// </summary>
internal static unsafe class PairProduct
{
    /// <summary>The longest sums that one pass should have: what it reads of a panel, 120 KB, stays in the second level of the cache beside its rows.</summary>
    public const int MostPairs = 960;

    private const int Width = MatrixTile.Columns;

    private static readonly Lazy<bool> Works = new(SelfTest);

    /// <summary>Whether this processor multiplies pairs of bfloat16 in vectors, and the library at hand has the product. Those with tiles (AMX) have faster layers in oneDNN itself.</summary>
    public static bool IsSupported => Works.Value;

    /// <summary>c = x b, or c += x b.</summary>
    /// <param name="x">Rows of 2 · <paramref name="pairs"/> bfloat16.</param>
    /// <param name="xStride">bfloat16 from one row of x to the next.</param>
    /// <param name="rows">How many, at least 1.</param>
    /// <param name="b"><c>[pairs, 32, 2]</c>, bfloat16.</param>
    /// <param name="pairs">Half the length of the sums.</param>
    /// <param name="c">Receives rows of 32 floats.</param>
    /// <param name="adds">Whether rows begin with what c holds.</param>
    public static void Run(ushort* x, nint xStride, int rows, float* b, int pairs, float* c, bool adds = false) =>
        Multiply(rows, Width, 2 * pairs, xStride, Width, Width, adds ? (byte)1 : (byte)0, x, (ushort*)b, c, pairwise: 1);

    /// <summary>c = x b in passes of at most <see cref="MostPairs"/>.</summary>
    /// <param name="x">Rows of 2 · <paramref name="pairs"/> bfloat16.</param>
    /// <param name="xStride">bfloat16 from one row of x to the next.</param>
    /// <param name="rows">How many, at least 1.</param>
    /// <param name="b"><c>[pairs, 32, 2]</c>, bfloat16.</param>
    /// <param name="pairs">Half the length of the sums.</param>
    /// <param name="c">Receives rows of 32 floats.</param>
    public static void RunInPasses(ushort* x, nint xStride, int rows, float* b, int pairs, float* c)
    {
        var pass = PairsAtATime(pairs);
        for (var done = 0; done < pairs; done += pass)
            Run(x + (2 * done), xStride, rows, b + ((nint)done * Width), Math.Min(pass, pairs - done), c, adds: done > 0);
    }

    /// <summary>Pairs in each pass of so many, all about equal.</summary>
    public static int PairsAtATime(int pairs)
    {
        var passes = (pairs + MostPairs - 1) / MostPairs;

        return (pairs + passes - 1) / passes;
    }

    // What the library does not support ends the process, so that it must not be asked.
    private static bool SelfTest()
    {
        if (!OperatingSystem.IsLinux() || !HasPairs() || IsRestricted("ONEDNN_MAX_CPU_ISA") || IsRestricted("DNNL_MAX_CPU_ISA"))
            return false;

        const int Rows = 3, Pairs = 5;
        var x = stackalloc ushort[Rows * 2 * Pairs];
        var b = stackalloc ushort[Pairs * Width * 2];
        var c = stackalloc float[Rows * Width];
        for (var i = 0; i < Rows * 2 * Pairs; i++)
            x[i] = BFloat16s.Narrow(i % 7);
        for (var i = 0; i < Pairs * Width * 2; i++)
            b[i] = BFloat16s.Narrow(i % 11);
        try
        {
            Run(x, 2 * Pairs, Rows, (float*)b, Pairs, c);
            Run(x, 2 * Pairs, Rows, (float*)b, Pairs, c, adds: true);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }

        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Width; column++)
            {
                var sum = 0;
                for (var i = 0; i < 2 * Pairs; i++)
                    sum += (((row * 2 * Pairs) + i) % 7) * (((((i / 2) * Width) + column) * 2 + (i % 2)) % 11);
                if (c[(row * Width) + column] != 2 * sum)
                    return false;
            }
        }

        return true;
    }

    // AVX512_BF16 without AMX-BF16.
    private static bool HasPairs()
    {
        if (!Vector512.IsHardwareAccelerated || !X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7 || X86Base.CpuId(7, 0).Eax < 1)
            return false;

        return (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0 && (X86Base.CpuId(7, 0).Edx & (1 << 22)) == 0;
    }

    private static bool IsRestricted(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };

    [DllImport("torch_cpu", EntryPoint = "_ZN2at6native7cpublas6brgemmEllllllbPKN3c108BFloat16ES5_Pfb", CallingConvention = CallingConvention.Cdecl)]
    private static extern void Multiply(long rows, long columns, long depth, long xStride, long bStride, long cStride, byte adds, ushort* x, ushort* b, float* c, byte pairwise);
}
