using System;
using System.Collections.Generic;
using System.Threading;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>A denoising network as the samplers see it. Predictions must not depend on earlier calls; several threads may predict at once.</summary>
public interface INetwork : IDisposable
{
    /// <summary>Told once, before sampling, which timesteps will be asked for: what depends on them alone can be computed in one batch.</summary>
    /// <param name="timesteps">The timesteps, in order.</param>
    void Prepare(IReadOnlyList<double> timesteps);

    /// <summary>The network's output.</summary>
    /// <param name="x">The sample [N, C, H, W], float32; it must not be changed or kept.</param>
    /// <param name="timestep">t.</param>
    /// <param name="conditioning">Which conditions.</param>
    /// <returns>A new tensor [N, C or 2C, H, W], or [2N, …] for <see cref="Conditioning.Both"/>, float32 on the sample's device.</returns>
    Tensor Predict(Tensor x, double timestep, Conditioning conditioning);

    /// <summary>The network's output under the conditions of this run. A network that takes none need not have this method.</summary>
    /// <param name="x">The sample [N, C, H, W], float32; it must not be changed or kept.</param>
    /// <param name="timestep">t.</param>
    /// <param name="conditioning">Which conditions.</param>
    /// <param name="conditions">The run's conditions: the labels of its samples.</param>
    /// <returns>As <see cref="Predict(Tensor, double, Conditioning)"/>.</returns>
    Tensor Predict(Tensor x, double timestep, Conditioning conditioning, Conditions conditions) => Predict(x, timestep, conditioning);

    /// <summary>The network's output, unless the run is cancelled while it is computed. A network that cannot stop half-way need not have this method.</summary>
    /// <param name="x">The sample [N, C, H, W], float32; it must not be changed or kept.</param>
    /// <param name="timestep">t.</param>
    /// <param name="conditioning">Which conditions.</param>
    /// <param name="conditions">The run's conditions.</param>
    /// <param name="cancellation">To be checked between the network's blocks; nothing may stay allocated.</param>
    /// <returns>As <see cref="Predict(Tensor, double, Conditioning)"/>.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    Tensor Predict(Tensor x, double timestep, Conditioning conditioning, Conditions conditions, CancellationToken cancellation) =>
        Predict(x, timestep, conditioning, conditions);
}
