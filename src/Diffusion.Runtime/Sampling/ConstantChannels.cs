using System;
using System.Collections.Generic;
using Diffusion.Runtime.Models;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>
/// Channels that stand behind the sample's own at every step, and what a network's first convolution makes of them alone: it is linear, so that is computed once. Belongs to one run on
/// one thread; dispose it behind the run.
/// </summary>
/// <param name="values"><c>[N, C, H, W]</c>: a mask and a masked picture, a depth map; the caller keeps it.</param>
public sealed class ConstantChannels(Tensor values) : IDisposable
{
    private readonly Dictionary<UNet2DConditionModel, Tensor> _convolved = [];

    /// <summary><c>[N, C, H, W]</c>.</summary>
    public Tensor Values => values;

    /// <summary>Frees what was computed of them.</summary>
    public void Dispose()
    {
        foreach (var convolved in _convolved.Values)
        {
            convolved.Dispose();
        }

        _convolved.Clear();
    }

    /// <summary>Their part of the first convolution, computed when it is first asked for.</summary>
    internal Tensor Convolved(UNet2DConditionModel model)
    {
        if (!_convolved.TryGetValue(model, out var convolved))
        {
            _convolved.Add(model, convolved = model.PrepareChannels(values));
        }

        return convolved;
    }
}
