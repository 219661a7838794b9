using System.Linq;
using Diffusion.Dsl;
using static System.FormattableString;

namespace Diffusion.Runtime.Text;

/// <summary>A prompt of any length in parts that the text encoder reads one by one; its results stand behind each other.</summary>
/// <param name="Chunks">The parts, in order; at least one.</param>
/// <param name="Empty">A part without tokens, to lengthen a shorter prompt of the same batch.</param>
public sealed record TokenChunks(EquatableArray<TokenChunk> Chunks, TokenChunk Empty)
{
    /// <summary>How many parts there are.</summary>
    public int Count => Chunks.Count;

    /// <summary>Whether a token has another weight than 1.</summary>
    public bool IsWeighted => Chunks.Any(chunk => chunk.Weights.Any(weight => !weight.Equals(1d)));

    /// <summary>The same prompt with empty parts behind it: prompts of one batch, and a negative prompt, need as many as each other.</summary>
    /// <param name="count">The number of parts, at least <see cref="Count"/>.</param>
    /// <exception cref="DiffusionException">DIF0708: the prompt has more parts.</exception>
    public TokenChunks WithCount(int count) => count >= Count
        ? this with { Chunks = Chunks.Concat(Enumerable.Repeat(Empty, count - Count)) }
        : throw Rules.ChunksOutOfRange.Error("the number of chunks", count, Invariant($"the prompt has {Count}"), "at least that many");

    /// <summary>The parts, one a line.</summary>
    public override string ToString() => string.Join("\n", Chunks);
}
