using System.Linq;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Weights of tokens, as the stable-diffusion-webui applies them: each vector is multiplied by its token's weight, then all by what restores their mean.</summary>
internal static class TokenWeights
{
    /// <summary>The weighted vectors of one chunk.</summary>
    /// <param name="values"><c>[1, L, D]</c>; stays the caller's.</param>
    /// <param name="weights">L numbers.</param>
    /// <returns>A new tensor; an alias where every weight is 1.</returns>
    public static Tensor Apply(Tensor values, EquatableArray<double> weights)
    {
        if (weights.All(weight => weight.Equals(1d)))
            return values.alias();

        using var scope = NewDisposeScope();
        var factors = tensor([.. weights.Select(weight => (float)weight)], [1, weights.Count, 1], ScalarType.Float32).to(values.dtype, values.device);
        var weighted = values * factors;

        return (weighted * (values.mean() / weighted.mean())).MoveToOuterDisposeScope();
    }
}
