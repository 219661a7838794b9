using System.Collections.Generic;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>What a sampler shows after each of its steps. The tensors live until the next step: clone what must stay.</summary>
/// <param name="Index">The step just done, from 0.</param>
/// <param name="Timestep">The timestep the network was told.</param>
/// <param name="X">The sample after the step, [N, C, H, W].</param>
/// <param name="X0">The clean sample the network predicts, [N, C, H, W]; null unless the run watches.</param>
public sealed record SamplingStep(int Index, double Timestep, Tensor X, Tensor? X0)
{
    /// <summary>What guidance by gradients did, for each evaluation and guider; empty without.</summary>
    public IReadOnlyList<SteeringReport> Steering { get; init; } = [];
}
