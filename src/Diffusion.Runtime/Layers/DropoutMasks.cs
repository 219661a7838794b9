using System;
using System.Collections.Generic;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>
/// What the dropouts of a checkpointed part keep, so that running it again drops the same: one byte for each activation. The generator's state
/// would be less, but threads share it.
/// </summary>
internal sealed class DropoutMasks : IDisposable
{
    [ThreadStatic]
    private static DropoutMasks? current;

    private readonly DropoutMasks? _outer = current;
    private readonly Queue<Tensor>? _replayed;
    private readonly List<Tensor> _taken = [];

    private DropoutMasks(Queue<Tensor>? replayed)
    {
        _replayed = replayed;
        current = this;
    }

    /// <summary>The masks of the part that runs on this thread, or null.</summary>
    public static DropoutMasks? Current => current;

    /// <summary>The masks drawn so far, in order; outside of every dispose scope.</summary>
    public IReadOnlyList<Tensor> Taken => _taken;

    /// <summary>Whether dropouts are off in a part that runs again; null when it runs for the first time.</summary>
    public bool? IsIdle => _replayed is null ? null : _replayed.Count == 0;

    /// <summary>Keeps the masks from here until disposal.</summary>
    public static DropoutMasks Record() => new(null);

    /// <summary>Uses these masks from here until disposal.</summary>
    /// <param name="masks">The masks of the first run, in order.</param>
    public static DropoutMasks Replay(IEnumerable<Tensor> masks) => new(new Queue<Tensor>(masks));

    /// <summary>Dropout as PyTorch computes it, with a new mask of its generator, or with the mask of the first run.</summary>
    /// <param name="input">Any shape, floating point.</param>
    /// <param name="probability">From above 0 to below 1.</param>
    public Tensor Drop(Tensor input, double probability)
    {
        using var scope = NewDisposeScope();
        Tensor kept;
        if (_replayed is null)
        {
            kept = empty_like(input, requires_grad: false).bernoulli_(1 - probability);
            _taken.Add(kept.to(ScalarType.Bool).DetachFromDisposeScope());
        }
        else
        {
            kept = _replayed.Dequeue().to(input.dtype);
        }

        return (input * Arithmetic.Over(kept, 1 - probability)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => current = _outer;
}
