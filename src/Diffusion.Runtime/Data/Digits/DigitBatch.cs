using System;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Data.Digits;

/// <summary>Samples as tensors on the CPU; dispose it, or hold it in a dispose scope.</summary>
/// <param name="Images">Shape <c>[N, 1, 28, 28]</c>, float32, range [-1, 1], −1 is black.</param>
/// <param name="Labels">Shape <c>[N]</c>, int64, 0 to 9.</param>
public sealed record DigitBatch(Tensor Images, Tensor Labels) : IDisposable
{
    /// <summary>Frees both tensors.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}
