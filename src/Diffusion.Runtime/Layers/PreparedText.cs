using System;
using System.Collections.Generic;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>
/// The keys and values of every cross-attention, computed once for all steps: they depend on the text alone. Made from one model's weights and for that
/// model. Dispose it to free them.
/// </summary>
public sealed class PreparedText : TextCondition, IDisposable
{
    private readonly Dictionary<Linear, Tensor> _projections = [];

    /// <param name="states">Text vectors, <c>[N, L, D]</c>; the caller keeps them.</param>
    /// <param name="bias">What is added to the scores, <c>[N, 1, 1, L]</c>, or null; taken over.</param>
    /// <param name="layers">The <c>to_k</c> and <c>to_v</c> of every cross-attention.</param>
    internal PreparedText(Tensor states, Tensor? bias, IEnumerable<Linear> layers)
        : base(bias?.DetachFromDisposeScope())
    {
        Samples = states.Sizes()[0];
        foreach (var layer in layers)
            _projections.Add(layer, layer.call(states).DetachFromDisposeScope());
    }

    internal override long Samples { get; }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Bias?.Dispose();
        foreach (var projection in _projections.Values)
            projection.Dispose();
    }

    internal override Tensor Keys(Linear projection) => _projections[projection];

    internal override Tensor Values(Linear projection) => _projections[projection];
}
