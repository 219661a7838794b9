using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Benchmarks.Measuring;

/// <summary>Times variants in turns within one process, so that whatever else the machine does meets them all alike.</summary>
internal static class Interleaved
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(300);

    /// <summary>Times each variant once a round; the variant that goes first changes from round to round.</summary>
    /// <param name="variants">What is compared; the first is the baseline.</param>
    /// <param name="rounds">How often each is timed.</param>
    /// <param name="shortest">How long one timing lasts at least: short work is repeated within it.</param>
    /// <param name="clock">What is timed.</param>
    public static IReadOnlyList<Samples> Measure(IReadOnlyList<Variant> variants, int rounds, TimeSpan shortest, Clock clock)
    {
        var calls = variants.Select(variant => Calls(variant, shortest)).ToArray();
        var times = variants.Select(_ => new TimeSpan[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < variants.Count; turn++)
            {
                var index = (round + turn) % variants.Count;
                times[index][round] = Time(variants[index].Run, calls[index], clock);
            }
        }

        return variants.Select((variant, index) => new Samples(variant.Name, times[index])).ToArray();
    }

    // Also the warm-up: jitting, page faults and thread pools are paid here.
    private static int Calls(Variant variant, TimeSpan shortest)
    {
        variant.Run();
        var (count, spent) = (0, TimeSpan.Zero);
        while (spent < WarmUp && count < 1_000_000)
        {
            spent += Time(variant.Run, 1, Clock.Wall);
            count++;
        }

        return Math.Max(1, (int)Math.Ceiling(shortest / (spent / count)));
    }

    private static TimeSpan Time(Action run, int calls, Clock clock)
    {
        var start = clock.Now();
        for (var call = 0; call < calls; call++)
        {
            run();
        }

        return (clock.Now() - start) / calls;
    }
}
