using System.Collections.Generic;
using System.Linq;
using Diffusion.Runtime.Models;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>An unconditional UNet as the samplers see it.</summary>
/// <param name="model">The model, in evaluation mode.</param>
/// <param name="owns">Whether the model is disposed with this object.</param>
public sealed class UNet2DNetwork(UNet2DModel model, bool owns = true) : INetwork
{
    private PreparedTimes? _times;
    private Dictionary<float, int> _rows = [];

    /// <summary>The model.</summary>
    public UNet2DModel Model => model;

    /// <summary>Computes all time embeddings and every resnet's projection of them in one batched product.</summary>
    /// <param name="timesteps">The timesteps, in order; whole or not, and each as often as a sampler visits it.</param>
    public void Prepare(IReadOnlyList<double> timesteps)
    {
        // The model is told float32, in which timesteps that are not whole may meet.
        var distinct = timesteps.Select(timestep => (float)timestep).Distinct().ToArray();
        _times?.Dispose();
        _times = model.PrepareTimes(System.Array.ConvertAll(distinct, timestep => (double)timestep));
        _rows = distinct.Select((timestep, row) => (timestep, row)).ToDictionary(pair => pair.timestep, pair => pair.row);
    }

    /// <inheritdoc/>
    public Tensor Predict(Tensor x, double timestep, Conditioning conditioning)
    {
        using var scope = torch.NewDisposeScope();
        var sample = x.to_type(model.DType);
        var output = _times is not null && _rows.TryGetValue((float)timestep, out var row)
            ? model.Forward(sample, _times, row)
            : model.forward(sample, torch.tensor(timestep, dtype: torch.ScalarType.Float32, device: x.device), null);
        return output.to_type(torch.ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _times?.Dispose();
        if (owns)
            model.Dispose();
    }
}
