using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>A <see cref="UNet2DModel"/>, with or without a table of classes.</summary>
internal sealed class PlainDenoiser(UNet2DModel model) : Denoiser(model, model.Config.ToJson(), model.Config.Dropout > 0)
{
    public override bool CheckpointGradients
    {
        set => model.CheckpointGradients = value;
    }

    public override Denoiser Copy(LayerOptions options) => new PlainDenoiser(UNet2DModel.FromConfig(model.Config, options));

    public override Tensor Predict(Tensor noisy, Tensor timesteps, Tensor? condition) => model.call(noisy, timesteps, condition);

    public override INetwork ForSampling() => new UNet2DNetwork(model, owns: false);
}
