using static TorchSharp.torch;

namespace Diffusion.Runtime.Native;

/// <summary>Keeps in memory what vectorised functions read under a mask.</summary>
/// <remarks>
/// libtorch's exponential (Sleef, AVX-512) ends in a load of ∞ for the lanes that overflow. Kernels take pages of files away that seem unused, under pressure or, in small virtual machines,
/// ahead of it. Where no lane overflows such a load does not fault, so that the page never comes back, but each one costs an assist of the processor's microcode: SiLU, GELU and
/// softmax become several times slower for as long as the process lives (measured: a step of training 1.2 s instead of 0.5). An exponential that does overflow reads the page.
/// </remarks>
internal static class MaskedConstants
{
    // Enough for whole vectors: what is left over of them is computed number by number, and reads nothing under a mask.
    private const int Numbers = 256;

    // Its exponential with the sign turned overflows.
    private const double Overflowing = -200;

    /// <summary>Reads them: some microseconds, once a step.</summary>
    public static void Touch()
    {
        using var recording = no_grad();
        using var values = full(Numbers, Overflowing, ScalarType.Float32);
        nn.functional.silu(values).Dispose();
    }
}
