using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>A <see cref="ClassConditionedUNet"/>.</summary>
internal sealed class ClassDenoiser(ClassConditionedUNet model) : Denoiser
{
    public override nn.Module Model => model;

    public override UNet2DModel UNet => model.Inner;

    public override UnetFacts Facts { get; } = UnetFacts.Read(model.Config.ToJson());

    public override Denoiser Copy(LayerOptions options) => new ClassDenoiser(ClassConditionedUNet.FromConfig(model.Config, options));

    public override Tensor Predict(Tensor noisy, Tensor timesteps, Tensor? labels) => model.call(noisy, timesteps, labels!);

    public override INetwork ForSampling() => new ClassConditionedNetwork(model, owns: false);
}
