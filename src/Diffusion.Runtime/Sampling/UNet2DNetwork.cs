using System.Threading;
using Diffusion.Runtime.Models;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>A UNet2DModel, unconditional or with a table of classes, as the samplers see it.</summary>
/// <param name="model">The model, in evaluation mode.</param>
/// <param name="owns">Whether the model is disposed with this object.</param>
public sealed class UNet2DNetwork(UNet2DModel model, bool owns = true) : UNetNetwork(model, timesteps => model.PrepareTimes(timesteps), owns)
{
    /// <summary>The model.</summary>
    public UNet2DModel Model => model;

    private protected override TorchSharp.torch.ScalarType DType => model.DType;

    // With classes every run adds its own to the embedding.
    private protected override bool IsHoistable => model.Config.NumClassEmbeds is null && model.Config.ClassEmbedType is null;

    private protected override Tensor Run(Tensor sample, PreparedTimes times, int row, Conditioning conditioning, Conditions conditions, CancellationToken cancellation) =>
        model.Forward(sample, times, row, Perturbed(conditions, sample.shape[0]), cancellation);

    private protected override Tensor Run(Tensor sample, Tensor timestep, Conditioning conditioning, Conditions conditions, CancellationToken cancellation) =>
        model.Forward(sample, timestep, conditions.LabelRows(conditioning, sample.device), cancellation, Perturbed(conditions, sample.shape[0]));
}
