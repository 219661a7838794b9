using System;
using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>
/// Everything a U-Net computes from timesteps alone, for all steps of a sampling loop at once: the loop then only looks rows up. Made from one
/// model's weights and for that model; whoever trains it further makes it anew.
/// </summary>
public sealed class PreparedTimes : IDisposable
{
    private readonly Dictionary<Linear, Tensor> _projections = [];
    private readonly Tensor _timesteps;

    /// <param name="timesteps">The timesteps, <c>[S]</c>; taken over.</param>
    /// <param name="embeddings">Activated embeddings of all steps, <c>[S, N, dim]</c>.</param>
    /// <param name="layers">The resnets' <c>time_emb_proj</c>.</param>
    internal PreparedTimes(Tensor timesteps, Tensor embeddings, IEnumerable<Linear> layers)
    {
        _timesteps = timesteps;
        foreach (var layer in layers)
        {
            using var projected = layer.call(embeddings);
            _projections.Add(layer, projected.unsqueeze(-1).unsqueeze_(-1).DetachFromDisposeScope());
        }
    }

    /// <summary>The number of steps S.</summary>
    public int Count => (int)_timesteps.Sizes()[0];

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        _timesteps.Dispose();
        foreach (var projection in _projections.Values)
            projection.Dispose();
    }

    /// <summary>The time of one step, for resnets.</summary>
    internal TimeCondition Condition(int step) => new PreparedTime(_projections, Checked(step));

    /// <summary>The timestep of one step, <c>[1]</c>; the caller disposes it.</summary>
    internal Tensor Timestep(int step) => _timesteps.narrow(0, Checked(step), 1);

    private int Checked(int step) => step >= 0 && step < Count ? step : throw Rules.IndexOutOfTable.Error("step", step, $"{Count} prepared steps", Count - 1);
}
