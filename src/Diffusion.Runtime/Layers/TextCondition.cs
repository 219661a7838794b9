using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>What cross-attention knows of the text: vectors that each layer projects itself, or keys and values made beforehand for all steps.</summary>
public abstract class TextCondition
{
    private protected TextCondition(Tensor? bias) => Bias = bias;

    /// <summary>What is added to the scores of every key, <c>[N, 1, 1, L]</c>; null for nothing.</summary>
    internal Tensor? Bias { get; }

    /// <summary>N: how many samples there are texts for.</summary>
    internal abstract long Samples { get; }

    /// <summary>The keys of one layer, <c>[N, L, heads · d]</c>.</summary>
    /// <param name="projection">The layer's <c>to_k</c>.</param>
    internal abstract Tensor Keys(Linear projection);

    /// <summary>The values of one layer, <c>[N, L, heads · d]</c>.</summary>
    /// <param name="projection">The layer's <c>to_v</c>.</param>
    internal abstract Tensor Values(Linear projection);
}
