using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>Text vectors that each layer projects as it comes to them.</summary>
/// <param name="states">Text vectors, <c>[N, L, D]</c>; the caller disposes them.</param>
/// <param name="bias">What is added to the scores, <c>[N, 1, 1, L]</c>, or null.</param>
internal sealed class EmbeddedText(Tensor states, Tensor? bias) : TextCondition(bias)
{
    /// <summary>Text vectors, <c>[N, L, D]</c>.</summary>
    public Tensor States => states;

    internal override long Samples => states.Sizes()[0];

    internal override Tensor Keys(Linear projection) => projection.call(states);

    internal override Tensor Values(Linear projection) => projection.call(states);
}
