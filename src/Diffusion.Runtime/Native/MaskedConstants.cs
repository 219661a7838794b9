using System;
using System.Threading;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Native;

/// <summary>Keeps in memory what vectorised functions read under a mask.</summary>
/// <remarks>
/// libtorch's exponential (Sleef, AVX-512) ends in a load of ∞ for the lanes that overflow. Kernels take pages of files away that seem unused, under pressure or, in small virtual machines,
/// ahead of it, every second. Where no lane overflows such a load does not fault, so that the page never comes back, but each one costs an assist of the processor's microcode: SiLU, GELU
/// and softmax become several times slower for as long as the process lives (measured: a step of training 1.2 s instead of 0.5). An exponential that does overflow reads the page.
/// </remarks>
internal static class MaskedConstants
{
    // Enough for whole vectors: what is left over of them is computed number by number, and reads nothing under a mask.
    private const int Numbers = 256;

    // Its exponential with the sign turned overflows.
    private const double Overflowing = -200;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly Lock Gate = new();
    private static readonly Timer Reader = new(_ => ReadAgain());
    private static long asked;
    private static bool isReading;
    private static bool hasEnded;

    // libtorch is taken down behind this, and must not be called from then on.
    static MaskedConstants() => AppDomain.CurrentDomain.ProcessExit += (_, _) => End();

    /// <summary>Has them read now, and twenty times a second until nobody has asked for some seconds: some microseconds each.</summary>
    public static void Touch()
    {
        lock (Gate)
        {
            asked = Environment.TickCount64;
            if (isReading || hasEnded)
                return;

            isReading = true;
            Read();
            Reader.Change(Between, Between);
        }
    }

    private static void ReadAgain()
    {
        lock (Gate)
        {
            if (hasEnded)
                return;

            if (Environment.TickCount64 - asked < Patience.TotalMilliseconds)
            {
                Read();
                return;
            }

            isReading = false;
            Reader.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private static void End()
    {
        lock (Gate)
            hasEnded = true;
    }

    private static void Read()
    {
        using var recording = no_grad();
        using Scalar number = Overflowing;
        using var values = full(Numbers, number, ScalarType.Float32);
        nn.functional.silu(values).Dispose();
    }
}
