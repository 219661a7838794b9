using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>A <see cref="ClassConditionedUNet"/>.</summary>
internal sealed class ClassDenoiser(ClassConditionedUNet model) : Denoiser(model, model.Config.ToJson(), model.Inner.Config.Dropout > 0)
{
    public override bool CheckpointGradients
    {
        set => model.Inner.CheckpointGradients = value;
    }

    public override Denoiser Copy(LayerOptions options) => new ClassDenoiser(ClassConditionedUNet.FromConfig(model.Config, options));

    public override Tensor Predict(Tensor noisy, Tensor timesteps, Tensor? condition) => model.call(noisy, timesteps, condition!);

    public override INetwork ForSampling() => new ClassConditionedNetwork(model, owns: false);
}
