using System;

namespace Diffusion.Dsl.Estimation;

/// <summary>
/// What estimates of memory take for granted about kernels and the C library: all of it stands here, and <c>Diffusion.Benchmarks memory</c> measures it. A kernel
/// that changes changes a line here.
/// </summary>
internal static class KernelAssumptions
{
    // Winograd's points of the tiles that are computed at a time: four times their pixels, but no more than so many numbers.
    private const long MostPoints = 4 << 20;

    // glibc never takes larger blocks from its heap (DEFAULT_MMAP_THRESHOLD_MAX); the system has them back at once.
    private const long MostInHeap = 32 << 20;

    /// <summary>Whether a tensor of so many bytes lies in the C library's heap.</summary>
    public static bool IsInHeap(long size) => size < MostInHeap;

    /// <summary>Freed bytes that the C library keeps between tensors in use: up to twice the largest block that it has seen, as glibc trims its heap.</summary>
    public static long KeptByHeap(long inUse, long largest) => Math.Min(inUse, 2 * largest);

    /// <summary>A convolution whose weights are packed: beside its output what it works in, for a few tiles at a time.</summary>
    public static void Convolve(Ledger ledger, long input, long output)
    {
        var points = Math.Min(4 * input, MostPoints);
        ledger.New(points);
        ledger.New(output);
        ledger.Free(points);
    }

    /// <summary>An attention: beside its output keys and values in an order of their own.</summary>
    public static void Attend(Ledger ledger, long keys, long output)
    {
        ledger.New(keys, 2);
        ledger.New(output);
        ledger.Free(keys, 2);
    }
}
