using System;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Data;

/// <summary>Pictures as tensors on the CPU; dispose it, or hold it in a dispose scope.</summary>
/// <param name="Images">Shape <c>[N, C, H, W]</c>, float32, in the range of the <see cref="ImageTransforms"/>: [-1, 1] usually.</param>
/// <param name="Labels">Shape <c>[N]</c>, int64; null where a sample has none.</param>
/// <param name="Captions">One caption a sample, "" where it has none.</param>
/// <param name="Sources">Where each sample comes from.</param>
public sealed record ImageBatch(Tensor Images, Tensor? Labels, EquatableArray<string> Captions, EquatableArray<string> Sources) : IDisposable
{
    /// <summary>N.</summary>
    public int Count => Sources.Count;

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Labels?.Dispose();
    }
}
