using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>A ClassConditionedUNet as the samplers see it.</summary>
/// <param name="model">The model, in evaluation mode.</param>
/// <param name="owns">Whether the model is disposed with this object.</param>
public sealed class ClassConditionedNetwork(ClassConditionedUNet model, bool owns = true) : INetwork
{
    private readonly HoistedTimes _times = new(model.Inner);

    /// <summary>The model.</summary>
    public ClassConditionedUNet Model => model;

    /// <summary>Computes all time embeddings and every resnet's projection of them in one batched product.</summary>
    /// <param name="timesteps">The timesteps, in order; whole or not, and each as often as a sampler visits it.</param>
    public void Prepare(IReadOnlyList<double> timesteps) => _times.Prepare(timesteps);

    /// <summary>Not without labels.</summary>
    /// <param name="x">The sample.</param>
    /// <param name="timestep">t.</param>
    /// <param name="conditioning">Which conditions.</param>
    /// <exception cref="DiffusionException">DIF0411: always.</exception>
    public Tensor Predict(Tensor x, double timestep, Conditioning conditioning) => Predict(x, timestep, conditioning, Conditions.None);

    /// <inheritdoc/>
    /// <exception cref="DiffusionException">DIF0411: the run has no labels.</exception>
    public Tensor Predict(Tensor x, double timestep, Conditioning conditioning, Conditions conditions)
    {
        using var scope = torch.NewDisposeScope();
        var sample = x.to_type(model.DType);
        var labels = conditions.LabelRows(conditioning, x.device)
            ?? throw Rules.ClassLabels.Error("missing", "is conditioned on classes", "give one label for each sample");
        if (conditioning == Conditioning.Both)
        {
            sample = torch.cat([sample, sample], 0);
        }

        var output = _times.Find(timestep) is { } hoisted
            ? model.Forward(sample, hoisted.Times, hoisted.Row, labels)
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
