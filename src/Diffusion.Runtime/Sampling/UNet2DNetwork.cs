using System.Collections.Generic;
using Diffusion.Runtime.Models;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>An unconditional UNet as the samplers see it. It owns the model.</summary>
/// <param name="model">The model.</param>
public sealed class UNet2DNetwork(UNet2DModel model) : INetwork
{
    /// <summary>The model.</summary>
    public UNet2DModel Model => model;

    /// <inheritdoc/>
    public void Prepare(IReadOnlyList<double> timesteps)
    {
    }

    /// <inheritdoc/>
    public Tensor Predict(Tensor x, double timestep, Conditioning conditioning)
    {
        using var scope = torch.NewDisposeScope();
        var t = torch.tensor(timestep, dtype: torch.ScalarType.Float32, device: x.device);
        var output = model.forward(x.to_type(model.DType), t, null);
        return output.to_type(torch.ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();
}
