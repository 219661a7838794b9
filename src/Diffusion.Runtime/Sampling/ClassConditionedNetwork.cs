using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>A ClassConditionedUNet as the samplers see it; a run without labels is refused by DIF0411.</summary>
/// <param name="model">The model, in evaluation mode.</param>
/// <param name="owns">Whether the model is disposed with this object.</param>
public sealed class ClassConditionedNetwork(ClassConditionedUNet model, bool owns = true) : UNetNetwork(model, timesteps => model.Inner.PrepareTimes(timesteps), owns)
{
    /// <summary>The model.</summary>
    public ClassConditionedUNet Model => model;

    private protected override TorchSharp.torch.nn.Module Attending => model.Inner;

    private protected override TorchSharp.torch.ScalarType DType => model.DType;

    private protected override Tensor Run(Tensor sample, PreparedTimes times, int row, Conditioning conditioning, Conditions conditions, CancellationToken cancellation) =>
        model.Forward(sample, times, row, Labels(sample, conditioning, conditions), Perturbed(conditions, sample.shape[0]), cancellation);

    private protected override Tensor Run(Tensor sample, Tensor timestep, Conditioning conditioning, Conditions conditions, CancellationToken cancellation) =>
        model.Forward(sample, timestep, Labels(sample, conditioning, conditions), cancellation, Perturbed(conditions, sample.shape[0]));

    private static Tensor Labels(Tensor sample, Conditioning conditioning, Conditions conditions) =>
        conditions.LabelRows(conditioning, sample.device) ?? throw Rules.ClassLabels.Error("missing", "is conditioned on classes", "give one label for each sample");
}
