using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels;

/// <summary>Sizes of an attention over <c>[N, L, heads · dim]</c>, and where each head begins.</summary>
internal sealed class AttentionShape(Tensor q, Tensor k, long heads)
{
    private readonly int _heads = (int)heads;

    /// <summary>Heads of all samples.</summary>
    public int Heads { get; } = (int)(q.Sizes()[0] * heads);

    /// <summary>Number of queries.</summary>
    public int Queries { get; } = (int)q.Sizes()[1];

    /// <summary>Number of keys.</summary>
    public int Keys { get; } = (int)k.Sizes()[1];

    /// <summary>Channels of a head.</summary>
    public int Dim { get; } = (int)(q.Sizes()[2] / heads);

    /// <summary>Floats from one position to the next.</summary>
    public nint Stride { get; } = (nint)q.Sizes()[2];

    /// <summary>Multiplications of one of the two products.</summary>
    public long Work => (long)Heads * Queries * Keys * Dim;

    /// <summary>Floats before the first query of a head.</summary>
    public nint QueryOffset(int head) => Offset(head, Queries);

    /// <summary>Floats before the first key of a head.</summary>
    public nint KeyOffset(int head) => Offset(head, Keys);

    private nint Offset(int head, int positions) => ((nint)(head / _heads) * positions * Stride) + (head % _heads * Dim);
}
