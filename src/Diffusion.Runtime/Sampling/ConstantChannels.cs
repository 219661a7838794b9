using System;
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
    private Tensor? _convolved;

    /// <summary><c>[N, C, H, W]</c>.</summary>
    public Tensor Values => values;

    /// <summary>Frees what was computed of them.</summary>
    public void Dispose()
    {
        _convolved?.Dispose();
        _convolved = null;
    }

    /// <summary>Their part of the first convolution, computed when it is first asked for.</summary>
    internal Tensor Convolved(UNet2DConditionModel model) => _convolved ??= model.PrepareChannels(values);
}
