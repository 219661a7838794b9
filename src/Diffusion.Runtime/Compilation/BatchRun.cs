using System;
using System.Collections.Generic;
using Diffusion.Runtime.Sampling;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Compilation;

/// <summary>The pictures of a call that are sampled together, step by step. Belongs to one thread at a time.</summary>
/// <param name="run">Holds x.</param>
/// <param name="steps">The sampler's loop.</param>
/// <param name="start">Puts back what is kept.</param>
/// <param name="parts">Everything to dispose, the last first: what the loop works on, and the network's weights.</param>
internal sealed class BatchRun(SamplingRun run, IEnumerator<SamplingStep> steps, StartingPoint start, Stack<IDisposable> parts) : IDisposable
{
    private Tensor? _result;

    /// <summary>The step just done.</summary>
    public SamplingStep Step => steps.Current;

    /// <summary>The current sample, [N, C, H, W].</summary>
    public Tensor X => _result ?? run.X;

    /// <summary>Does the next step; false behind the last, where only the sample is left.</summary>
    public bool Next()
    {
        if (_result is not null || !steps.MoveNext())
        {
            Finish();
            return false;
        }

        start.Keep(run.X, Step.Index);
        return true;
    }

    /// <summary>Keeps the sample alone: texts, noise, registers and weights are gone before anything is decoded.</summary>
    public void Finish()
    {
        _result ??= run.Take();
        Free(parts);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free(parts);
        _result?.Dispose();
    }

    /// <summary>Disposes all, the last first.</summary>
    /// <param name="parts">Emptied.</param>
    public static void Free(Stack<IDisposable> parts)
    {
        while (parts.TryPop(out var part))
        {
            part.Dispose();
        }
    }
}
