using System;
using System.Collections.Generic;
using System.Threading;
using Diffusion.Runtime.Native;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// Working memory of an operation, aligned to a line of the cache. What was given back waits for the next one who asks, some megabytes for each processor in all: fresh pages would
/// cost as much as a small network's convolution.
/// </summary>
internal readonly unsafe struct Scratch : IDisposable
{
    private static readonly Lock Gate = new();

    // From the one that waits longest to the one that came last.
    private static readonly List<Block> Waiting = [];

    private static long kept;

    private readonly Block _block;

    /// <param name="floats">How many floats.</param>
    public Scratch(long floats) => _block = Take(floats) ?? new Block(new PageMemory(floats * sizeof(float)), floats);

    /// <summary>The first of them; what they hold is not known.</summary>
    public float* Floats => (float*)_block.Memory.Address;

    /// <summary>Floats that wait.</summary>
    internal static long Kept
    {
        get
        {
            lock (Gate)
                return kept;
        }
    }

    /// <summary>The most floats that wait: 20 MB, and 2 MB for each processor.</summary>
    internal static long MostKept => (5 << 20) + ((long)Environment.ProcessorCount << 19);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Gate)
        {
            Waiting.Add(_block);
            kept += _block.Length;
            while (kept > MostKept)
            {
                kept -= Waiting[0].Length;
                Waiting[0].Memory.Dispose();
                Waiting.RemoveAt(0);
            }
        }
    }

    // The smallest that is large enough, among equals the one whose memory was used last.
    private static Block? Take(long floats)
    {
        lock (Gate)
        {
            var best = -1;
            for (var i = Waiting.Count - 1; i >= 0; i--)
            {
                if (Waiting[i].Length >= floats && (best < 0 || Waiting[i].Length < Waiting[best].Length))
                    best = i;
            }

            if (best < 0)
                return null;

            var block = Waiting[best];
            Waiting.RemoveAt(best);
            kept -= block.Length;

            return block;
        }
    }

    private sealed record Block(PageMemory Memory, long Length);
}
