using System.Collections.Generic;
using Diffusion.Runtime.Models;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>A UNet2DModel, unconditional or with a table of classes, as the samplers see it.</summary>
/// <param name="model">The model, in evaluation mode.</param>
/// <param name="owns">Whether the model is disposed with this object.</param>
public sealed class UNet2DNetwork(UNet2DModel model, bool owns = true) : INetwork
{
    private readonly HoistedTimes _times = new(model);

    /// <summary>The model.</summary>
    public UNet2DModel Model => model;

    /// <summary>Computes all time embeddings and every resnet's projection of them in one batched product; not with classes, which every run adds to them.</summary>
    /// <param name="timesteps">The timesteps, in order; whole or not, and each as often as a sampler visits it.</param>
    public void Prepare(IReadOnlyList<double> timesteps)
    {
        if (model.Config.NumClassEmbeds is null && model.Config.ClassEmbedType is null)
        {
            _times.Prepare(timesteps);
        }
    }

    /// <inheritdoc/>
    public Tensor Predict(Tensor x, double timestep, Conditioning conditioning) => Predict(x, timestep, conditioning, Conditions.None);

    /// <inheritdoc/>
    public Tensor Predict(Tensor x, double timestep, Conditioning conditioning, Conditions conditions)
    {
        using var scope = torch.NewDisposeScope();
        var sample = x.to_type(model.DType);
        var labels = conditions.LabelRows(conditioning, x.device);
        if (labels is not null && conditioning == Conditioning.Both)
        {
            sample = torch.cat([sample, sample], 0);
        }

        var output = _times.Find(timestep) is { } hoisted
            ? model.Forward(sample, hoisted.Times, hoisted.Row)
            : model.forward(sample, torch.tensor(timestep, dtype: torch.ScalarType.Float32, device: x.device), labels);

        return output.to_type(torch.ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _times.Dispose();
        if (owns)
            model.Dispose();
    }
}
