using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// Hides the condition of some pictures in training, so that one network learns both the conditional and the unconditional score: all that
/// classifier-free guidance asks of a training (Ho and Salimans 2022, arXiv:2207.12598, Algorithm 1).
/// </summary>
public static class ConditionDropout
{
    /// <summary>Which pictures of a batch lose their condition: one uniform number each, below the share.</summary>
    /// <param name="count">N.</param>
    /// <param name="share">In [0, 1).</param>
    /// <param name="random">Where the numbers come from.</param>
    /// <returns>Shape <c>[N]</c>, bool, on the CPU.</returns>
    public static Tensor Mask(long count, double share, Generator random)
    {
        using var numbers = rand(count, generator: random);
        return Arithmetic.Below(numbers, share);
    }

    /// <summary>Labels with those of the mask replaced by the null class.</summary>
    /// <param name="labels">Shape <c>[N]</c>, int64.</param>
    /// <param name="mask">Shape <c>[N]</c>, bool.</param>
    /// <param name="nullClass">The label that means «none».</param>
    /// <returns>A new tensor <c>[N]</c>.</returns>
    public static Tensor Labels(Tensor labels, Tensor mask, long nullClass)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(mask);
        using TorchSharp.Scalar none = nullClass;
        return labels.masked_fill(mask, none);
    }

    /// <summary>Captions with those of the mask replaced by the empty one.</summary>
    /// <param name="captions">N captions.</param>
    /// <param name="mask">Shape <c>[N]</c>, bool, on the CPU.</param>
    public static EquatableArray<string> Captions(IReadOnlyList<string> captions, Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        var hidden = mask.data<bool>().ToArray();
        return captions.Select((caption, i) => hidden[i] ? "" : caption).ToEquatableArray();
    }
}
