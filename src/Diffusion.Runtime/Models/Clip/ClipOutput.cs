using System;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>How alike some texts and pictures are. Dispose it, or hold it in a dispose scope.</summary>
/// <param name="TextEmbeds">The texts in the common space, of length 1, <c>[T, P]</c>.</param>
/// <param name="ImageEmbeds">The pictures in the common space, of length 1, <c>[I, P]</c>.</param>
/// <param name="LogitsPerText">The scaled cosines of their angles, <c>[T, I]</c>; the softmax of a row says which picture a text describes.</param>
/// <param name="LogitsPerImage">The same turned, <c>[I, T]</c>; the softmax of a row says which text describes a picture.</param>
public sealed record ClipOutput(Tensor TextEmbeds, Tensor ImageEmbeds, Tensor LogitsPerText, Tensor LogitsPerImage) : IDisposable
{
    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        TextEmbeds.Dispose();
        ImageEmbeds.Dispose();
        LogitsPerText.Dispose();
        LogitsPerImage.Dispose();
    }
}
