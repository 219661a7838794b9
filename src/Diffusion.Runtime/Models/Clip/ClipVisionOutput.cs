using System;
using System.Collections.Generic;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Everything a vision tower says of some pictures. Dispose it, or hold it in a dispose scope.</summary>
/// <param name="LastHiddenState">What comes out of the last block, <c>[N, 1 + patches, D]</c>: first the vector of the whole picture, then the patches'.</param>
/// <param name="PoolerOutput">The vector of the whole picture behind the last norm, <c>[N, D]</c>.</param>
/// <param name="HiddenStates">Where they were asked for: what goes into each block, and what comes out of the last; as many as blocks and one. Else empty.</param>
/// <param name="ImageEmbeds">From a model with projection: each picture in the space of texts and pictures, <c>[N, P]</c>; else null.</param>
public sealed record ClipVisionOutput(Tensor LastHiddenState, Tensor PoolerOutput, IReadOnlyList<Tensor> HiddenStates, Tensor? ImageEmbeds) : IDisposable
{
    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        LastHiddenState.Dispose();
        PoolerOutput.Dispose();
        ImageEmbeds?.Dispose();
        foreach (var state in HiddenStates)
            state.Dispose();
    }

    /// <summary>Hands the tensors to the scope around the current one.</summary>
    internal void MoveToOuterDisposeScope()
    {
        LastHiddenState.MoveToOuterDisposeScope();
        PoolerOutput.MoveToOuterDisposeScope();
        ImageEmbeds?.MoveToOuterDisposeScope();
        foreach (var state in HiddenStates)
            state.MoveToOuterDisposeScope();
    }
}
