using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Training;

/// <summary>A <see cref="ClassConditionedUNet"/>.</summary>
internal sealed class ClassDenoiser(ClassConditionedUNet model) : Denoiser
{
    public override nn.Module Model => model;

    public override ScalarType DType => model.Inner.DType;

    public override Device Device => model.Inner.Device;

    public override bool HasDropout => model.Inner.Config.Dropout > 0;

    public override bool CheckpointGradients
    {
        set => model.Inner.CheckpointGradients = value;
    }

    public override UnetFacts Facts { get; } = UnetFacts.Read(model.Config.ToJson());

    public override Denoiser Copy(LayerOptions options) => new ClassDenoiser(ClassConditionedUNet.FromConfig(model.Config, options));

    public override Tensor Predict(Tensor noisy, Tensor timesteps, Tensor? condition) => model.call(noisy, timesteps, condition!);

    public override INetwork ForSampling() => new ClassConditionedNetwork(model, owns: false);
}
