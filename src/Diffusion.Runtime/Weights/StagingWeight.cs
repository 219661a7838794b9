using System;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Weights;

/// <summary>Memory in which one plain weight after another waits to be packed. Their own stays untouched meanwhile: pages that were used once, and freed between others, would stay the heap's.</summary>
internal sealed class StagingWeight : IDisposable
{
    private Tensor? _memory;

    /// <summary>Makes this memory that of a tensor on the CPU, until the next one borrows it.</summary>
    /// <param name="weight">Whose numbers nobody needs.</param>
    public void Lend(Tensor weight)
    {
        if (_memory is null || _memory.dtype != weight.dtype || _memory.numel() < weight.numel())
        {
            Dispose();
            _memory = empty(weight.numel(), weight.dtype).DetachFromDisposeScope();
        }

        using var guard = no_grad();
        using var part = _memory.narrow(0, 0, weight.numel());
        using var shaped = part.view(weight.shape);
        weight.set_(shaped);
    }

    /// <inheritdoc/>
    public void Dispose() => _memory?.Dispose();
}
