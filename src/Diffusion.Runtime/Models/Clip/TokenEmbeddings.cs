using System;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>
/// Tokens as vectors, before the text encoder's blocks: what a token means by itself, and its place. Not what a U-Net reads: that is
/// <see cref="TextEmbeddings"/>, in which each vector knows its text. Dispose it, or hold it in a dispose scope.
/// </summary>
/// <param name="Values">One vector for each token, <c>[N, L, D]</c>, of the encoder's type and device.</param>
/// <param name="Ends">The place of each text's end token, N numbers from 0 to L − 1.</param>
public sealed record TokenEmbeddings(Tensor Values, EquatableArray<int> Ends) : IDisposable
{
    /// <summary>The same texts with other vectors: mixed, learned, moved.</summary>
    /// <param name="values">One vector for each token, <c>[N, L, D]</c>; belongs to the new value, and the old vectors still to the old one.</param>
    public TokenEmbeddings WithValues(Tensor values) => this with { Values = values };

    /// <summary>Frees the vectors.</summary>
    public void Dispose() => Values.Dispose();
}
