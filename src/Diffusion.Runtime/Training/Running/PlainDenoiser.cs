using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Training;

/// <summary>A <see cref="UNet2DModel"/>, with or without a table of classes.</summary>
internal sealed class PlainDenoiser(UNet2DModel model) : Denoiser
{
    public override nn.Module Model => model;

    public override ScalarType DType => model.DType;

    public override Device Device => model.Device;

    public override bool HasDropout => model.Config.Dropout > 0;

    public override bool CheckpointGradients
    {
        set => model.CheckpointGradients = value;
    }

    public override UnetFacts Facts { get; } = UnetFacts.Read(model.Config.ToJson());

    public override Denoiser Copy(LayerOptions options) => new PlainDenoiser(UNet2DModel.FromConfig(model.Config, options));

    public override Tensor Predict(Tensor noisy, Tensor timesteps, Tensor? condition) => model.call(noisy, timesteps, condition);

    public override INetwork ForSampling() => new UNet2DNetwork(model, owns: false);
}
