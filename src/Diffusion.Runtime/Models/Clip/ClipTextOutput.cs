using System;
using System.Collections.Generic;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Everything a text tower says of some texts. Dispose it, or hold it in a dispose scope.</summary>
/// <param name="LastHiddenState">A vector for each token behind the last norm, <c>[N, L, D]</c>.</param>
/// <param name="PoolerOutput">Of these the vector of each text's end, <c>[N, D]</c>.</param>
/// <param name="HiddenStates">
/// Where they were asked for: what goes into each block, and what comes out of the last before the last norm; as many as blocks and one, <c>[N, L, D]</c>
/// each. Else empty.
/// </param>
/// <param name="TextEmbeds">From a model with projection: each text in the space of texts and pictures, <c>[N, P]</c>; else null.</param>
public sealed record ClipTextOutput(Tensor LastHiddenState, Tensor PoolerOutput, IReadOnlyList<Tensor> HiddenStates, Tensor? TextEmbeds) : IDisposable
{
    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        LastHiddenState.Dispose();
        PoolerOutput.Dispose();
        TextEmbeds?.Dispose();
        foreach (var state in HiddenStates)
            state.Dispose();
    }

    /// <summary>Hands the tensors to the scope around the current one.</summary>
    internal void MoveToOuterDisposeScope()
    {
        LastHiddenState.MoveToOuterDisposeScope();
        PoolerOutput.MoveToOuterDisposeScope();
        TextEmbeds?.MoveToOuterDisposeScope();
        foreach (var state in HiddenStates)
            state.MoveToOuterDisposeScope();
    }
}
