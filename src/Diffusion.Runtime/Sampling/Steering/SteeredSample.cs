using System;
using System.Collections.Generic;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Sampling;

/// <summary>x̂_0 as the losses of a step see it: as the network predicts it, and, decoded when first asked for, as pictures. Its tensors belong to the caller's dispose scope.</summary>
/// <param name="X0">x̂_0, <c>[N, C, h, w]</c>, with its graph.</param>
/// <param name="Timestep">t, as the network was told it.</param>
/// <param name="Index">The number of the step.</param>
/// <param name="Seeds">The seed of each picture.</param>
/// <param name="Decode">From latents to pictures; null: x̂_0 is pictures.</param>
internal sealed record SteeredSample(Tensor X0, double Timestep, int Index, IReadOnlyList<long> Seeds, Func<Tensor, Tensor>? Decode)
{
    private Tensor? pictures;

    /// <summary>x̂_0 as pictures, <c>[N, C, H, W]</c> in [−1, 1] where nothing overshoots, with their graph.</summary>
    public Tensor Pictures => pictures ??= Decode is null ? X0 : Decode(X0);
}
