using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels;

/// <summary>Sizes of an attention over <c>[N, L, heads · dim]</c>, and where each head begins.</summary>
internal sealed class AttentionShape
{
    private readonly int _heads;

    /// <param name="q">Queries, <c>[N, Lq, heads · dim]</c>.</param>
    /// <param name="k">Keys, <c>[N, L, heads · dim]</c>.</param>
    /// <param name="heads">Number of heads.</param>
    public AttentionShape(Tensor q, Tensor k, long heads)
    {
        var shape = q.Sizes();
        (_heads, Heads, Queries, Keys) = ((int)heads, (int)(shape[0] * heads), (int)shape[1], (int)k.Sizes()[1]);
        (Dim, Stride) = ((int)(shape[2] / heads), (nint)shape[2]);
    }

    /// <summary>Heads of all samples.</summary>
    public int Heads { get; }

    /// <summary>Number of queries.</summary>
    public int Queries { get; }

    /// <summary>Number of keys.</summary>
    public int Keys { get; }

    /// <summary>Channels of a head.</summary>
    public int Dim { get; }

    /// <summary>Floats from one position to the next.</summary>
    public nint Stride { get; }

    /// <summary>Multiplications of one of the two products.</summary>
    public long Work => (long)Heads * Queries * Keys * Dim;

    /// <summary>Floats before the first query of a head.</summary>
    public nint QueryOffset(int head) => Offset(head, Queries);

    /// <summary>Floats before the first key of a head.</summary>
    public nint KeyOffset(int head) => Offset(head, Keys);

    private nint Offset(int head, int positions) => ((nint)(head / _heads) * positions * Stride) + (head % _heads * Dim);
}
