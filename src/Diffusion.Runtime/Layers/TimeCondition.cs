using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>What resnets know of the time: an embedding they project themselves, or projections made beforehand for all steps.</summary>
public abstract class TimeCondition
{
    private protected TimeCondition()
    {
    }

    /// <summary>The time as one resnet sees it: <c>[N, out, 1, 1]</c>, or <c>[1, out, 1, 1]</c> where all samples share the time.</summary>
    /// <param name="projection">The resnet's <c>time_emb_proj</c>.</param>
    internal abstract Tensor Project(Linear projection);
}
