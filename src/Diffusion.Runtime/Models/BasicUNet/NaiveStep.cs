using System;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>One step of <see cref="NaiveSampler"/>; dispose it, or hold it in a dispose scope.</summary>
/// <param name="Index">i, counted from 0.</param>
/// <param name="Prediction">x̂, what the network took for the clean picture.</param>
/// <param name="Sample">x behind the step.</param>
public sealed record NaiveStep(int Index, Tensor Prediction, Tensor Sample) : IDisposable
{
    /// <summary>Frees both tensors.</summary>
    public void Dispose()
    {
        Prediction.Dispose();
        Sample.Dispose();
    }
}
