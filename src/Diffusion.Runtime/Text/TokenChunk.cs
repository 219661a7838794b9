using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Text;

/// <summary>A part of a prompt that the text encoder reads at once: start, tokens, end, padding.</summary>
/// <param name="Ids">The numbers, <c>[L]</c> with L = <see cref="ClipTokenizer.MaxLength"/>.</param>
/// <param name="Weights">How much each counts, <c>[L]</c>; 1 for start, end and padding.</param>
/// <param name="Mask">1 for start, tokens and end, 0 for padding, <c>[L]</c>.</param>
/// <param name="Length">How many of them are not padding; at least 2.</param>
public sealed record TokenChunk(EquatableArray<int> Ids, EquatableArray<double> Weights, EquatableArray<int> Mask, int Length)
{
    /// <summary>The numbers without padding, between brackets.</summary>
    public override string ToString() => Ids.Take(Length).ToEquatableArray().ToString();
}
