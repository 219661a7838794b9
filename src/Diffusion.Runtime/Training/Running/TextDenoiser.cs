using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>A <see cref="UNet2DConditionModel"/> that looks at text alone.</summary>
internal sealed class TextDenoiser(UNet2DConditionModel model) : Denoiser(model, model.Config.ToJson(), model.Config.Dropout > 0)
{
    public override bool CheckpointGradients
    {
        set => model.CheckpointGradients = value;
    }

    public override Denoiser Copy(LayerOptions options) => new TextDenoiser(UNet2DConditionModel.FromConfig(model.Config, options));

    public override Tensor Predict(Tensor noisy, Tensor timesteps, Tensor? condition) => model.Forward(noisy, timesteps, condition!);

    public override INetwork ForSampling() => new UNet2DConditionNetwork(model, owns: false);
}
