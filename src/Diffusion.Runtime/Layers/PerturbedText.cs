using System.Collections.Generic;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>
/// A text, or none, for one pass in which some self-attentions are switched off: each token then attends to itself alone, so that what comes out is its value
/// (arXiv:2403.17377). It goes with the pass; the layers hold nothing.
/// </summary>
/// <param name="text">The text; null where the network takes none.</param>
/// <param name="samples">How many samples there are.</param>
/// <param name="layers">The self-attentions that are switched off.</param>
internal sealed class PerturbedText(TextCondition? text, long samples, IReadOnlySet<nn.Module> layers) : TextCondition(text?.Bias)
{
    internal override long Samples => text?.Samples ?? samples;

    /// <summary>Whether a self-attention is switched off in the pass that is told this.</summary>
    /// <param name="text">What the pass is told.</param>
    /// <param name="layer">The self-attention.</param>
    public static bool SwitchesOff(TextCondition? text, nn.Module layer) => text is PerturbedText perturbed && perturbed.Has(layer);

    internal override Tensor Keys(Linear projection) => text!.Keys(projection);

    internal override Tensor Values(Linear projection) => text!.Values(projection);

    private bool Has(nn.Module layer) => layers.Contains(layer);
}
