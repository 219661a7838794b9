using System;
using System.Linq;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>Tensors drawn beforehand that come round and round.</summary>
internal sealed class StoredTensors : IDisposable
{
    private readonly Tensor[] _tensors;
    private int _next;

    /// <param name="count">How many.</param>
    /// <param name="shape">[N, C, H, W].</param>
    /// <param name="seed">What they are drawn from.</param>
    public StoredTensors(int count, long[] shape, ulong seed)
    {
        using var generator = new Generator(seed, CPU);
        _tensors = Enumerable.Range(0, count).Select(_ => randn(shape, generator: generator).DetachFromDisposeScope()).ToArray();
    }

    /// <summary>The next, as a tensor of its own on the same memory.</summary>
    public Tensor Next() => _tensors[_next++ % _tensors.Length].alias();

    /// <summary>Begins anew.</summary>
    public void Rewind() => _next = 0;

    public void Dispose() => Array.ForEach(_tensors, tensor => tensor.Dispose());
}
