using System;

namespace Diffusion.Dsl.Estimation;

/// <summary>
/// What estimates of memory take for granted about kernels and the C library: all of it stands here, and <c>Diffusion.Benchmarks memory</c> measures it. A kernel
/// that changes changes a line here.
/// </summary>
internal static class KernelAssumptions
{
    /// <summary>Up to so many channels doubling is one transposed convolution, without a doubled tensor.</summary>
    public const long MostDoubledChannels = 512;

    // glibc never takes larger blocks from its heap (DEFAULT_MMAP_THRESHOLD_MAX); the system has them back at once.
    private const long MostInHeap = 32 << 20;

    /// <summary>Whether a tensor of so many bytes lies in the C library's heap.</summary>
    public static bool IsInHeap(long size) => size < MostInHeap;

    /// <summary>Freed bytes that the C library keeps between tensors in use: up to twice the largest block that it has seen, as glibc trims its heap.</summary>
    public static long KeptByHeap(long inUse, long largest) => Math.Min(inUse, 2 * largest);

    /// <summary>A convolution by oneDNN: copies of input and weights in blocks of channels, an output in blocks, then the output in rows. Leaves the latter.</summary>
    public static void Convolve(Ledger ledger, long input, long output, long weights)
    {
        ledger.New(input);
        ledger.New(weights);
        ledger.New(output);
        ledger.Free(weights);
        ledger.Free(input);
        ledger.New(output);
        ledger.Free(output);
    }

    /// <summary>The same with 16 taps in place of 9 weights, before and behind their transposition.</summary>
    public static void ConvolveDoubling(Ledger ledger, long input, long output, long weights)
    {
        var taps = weights / 9 * 16;
        ledger.New(taps, 2);
        Convolve(ledger, input, output, taps);
        ledger.Free(taps, 2);
    }
}
