using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels;

/// <summary>softmax(q kᵀ / √d + m) v for all heads, of sequences whose positions do not all see each other. Takes gradients.</summary>
internal static class MaskedAttention
{
    /// <summary>Attention.</summary>
    /// <param name="q">Queries, <c>[N, L, heads · d]</c>.</param>
    /// <param name="k">Keys, <c>[N, L, heads · d]</c>.</param>
    /// <param name="v">Values, <c>[N, L, heads · d]</c>.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="mask">m, <c>[N, 1, L, L]</c>; it says everything, <paramref name="causal"/> then does not count. Null: 0.</param>
    /// <param name="causal">Whether a position sees itself and what stands before it alone.</param>
    /// <param name="dropout">The share of weights that are dropped, in [0, 1).</param>
    /// <returns><c>[N, L, heads · d]</c>.</returns>
    public static Tensor Attend(Tensor q, Tensor k, Tensor v, long heads, Tensor? mask, bool causal, double dropout) => mask is null && !causal && dropout == 0
        ? FusedAttention.Attend(q, k, v, heads)
        : FusedAttention.Library(q, k, v, heads, mask, causal && mask is null, dropout);

    /// <summary>m of a causal attention in which some keys are seen by nobody: 0 or the least number, so that a query without any key gives no NaN.</summary>
    /// <param name="keep">What is seen: 1 or true, else 0 or false, <c>[N, L]</c>.</param>
    /// <param name="like">A tensor of the type and device of the queries.</param>
    /// <returns><c>[N, 1, L, L]</c>.</returns>
    public static Tensor CausalMask(Tensor keep, Tensor like)
    {
        using Scalar least = finfo(like.dtype).min;
        using var scope = NewDisposeScope();
        var length = keep.Sizes()[1];
        var past = ones(length, length, ScalarType.Bool, like.device).tril();
        var seen = keep.to(like.device).to(ScalarType.Bool).view(-1, 1, 1, length).logical_and(past);

        return zeros(seen.Sizes(), like.dtype, like.device).masked_fill_(seen.logical_not(), least).MoveToOuterDisposeScope();
    }
}
