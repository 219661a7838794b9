using System;

namespace Diffusion.Dsl.Estimation;

/// <summary>What a walk through a network counts: its parameters, and the bytes that activations hold now and held at most.</summary>
/// <param name="bytes">Of one number.</param>
internal sealed class Ledger(int bytes)
{
    private long _live;
    private long _inHeap;
    private long _largestInHeap;
    private long _kept;
    private long _peak;

    /// <summary>Parameters so far, those that take no gradient included.</summary>
    public long Parameters { get; private set; }

    /// <summary>The most bytes that were held at once.</summary>
    public long Peak => _peak + _kept;

    /// <summary>The most scores of one attention that are computed at a time, of all samples and heads, in slices where these are asked for.</summary>
    public long Scores { get; private set; }

    /// <summary>Counts parameters.</summary>
    public void Weights(long count) => Parameters += count;

    /// <summary>Tensors are made.</summary>
    /// <param name="count">Numbers of each.</param>
    /// <param name="tensors">How many.</param>
    public void New(long count, int tensors = 1)
    {
        var size = count * bytes;
        _live += size * tensors;
        if (KernelAssumptions.IsInHeap(size))
        {
            _inHeap += size * tensors;
            _largestInHeap = Math.Max(_largestInHeap, size);
        }

        _peak = Math.Max(_peak, _live + KernelAssumptions.KeptByHeap(_inHeap, _largestInHeap));
    }

    /// <summary>Tensors are disposed.</summary>
    /// <param name="count">Numbers of each.</param>
    /// <param name="tensors">How many.</param>
    public void Free(long count, int tensors = 1)
    {
        var size = count * bytes;
        _live -= size * tensors;
        _inHeap -= KernelAssumptions.IsInHeap(size) ? size * tensors : 0;
    }

    /// <summary>A tensor was made before the walk and is there all the time.</summary>
    public void Keep(long count) => _kept += count * bytes;

    /// <summary>Scores of an attention, held or not.</summary>
    public void Attention(long samples, long heads, long queries, long keys, Slicing? slicing)
    {
        var all = samples * heads;
        Scores = Math.Max(Scores, Math.Min(slicing?.HeadsOf((int)heads) ?? all, all) * queries * keys);
    }
}
