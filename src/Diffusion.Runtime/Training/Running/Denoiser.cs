using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Training;

/// <summary>A network as denoising training sees it: noisy pictures, timesteps and conditions go in, predictions come out.</summary>
/// <param name="model">The network; disposed with this.</param>
/// <param name="config">Its configuration as pipelines read it.</param>
/// <param name="hasDropout">Whether activations are dropped at random.</param>
internal abstract class Denoiser(nn.Module model, JsonValue config, bool hasDropout) : IDisposable
{
    private readonly Tensor _first = model.parameters().First();

    public nn.Module Model => model;

    /// <summary>The parameters' type.</summary>
    public ScalarType DType => _first.dtype;

    /// <summary>Where the parameters are.</summary>
    public Device Device => _first.device;

    /// <summary>Whether activations are dropped at random.</summary>
    public bool HasDropout => hasDropout;

    /// <summary>Whether activations are computed again in the backward pass.</summary>
    public abstract bool CheckpointGradients { set; }

    /// <summary>What pipelines of this network must know.</summary>
    public UnetFacts Facts { get; } = UnetFacts.Read(config);

    /// <summary>A new network, or one with a checkpoint's weights, in float32.</summary>
    public static Denoiser Of(Dsl.Training training, Device device) => training.Network switch
    {
        UntrainedUNet fresh => new PlainDenoiser(UNet2DModel.FromConfig(fresh.Config, training.RandomSeed, device: device)),
        UntrainedClassConditionedUNet fresh => new ClassDenoiser(ClassConditionedUNet.FromConfig(fresh.Config, training.RandomSeed, device: device)),
        UntrainedConditionUNet fresh => new TextDenoiser(UNet2DConditionModel.FromConfig(fresh.Config, training.RandomSeed, device: device)),
        PretrainedUNet known => Load(known.Model, device),
        var other => throw Rules.TaskMissing.Error(other),
    };

    /// <summary>A network of the same structure with parameters of another type, whose values are undefined.</summary>
    public abstract Denoiser Copy(LayerOptions options);

    /// <summary>The prediction, in the parameters' type.</summary>
    /// <param name="noisy"><c>[N, C, H, W]</c>, in the parameters' type.</param>
    /// <param name="timesteps"><c>[N]</c>.</param>
    /// <param name="condition">What the network is told: labels <c>[N]</c>, or text <c>[N, L, D]</c> in the parameters' type.</param>
    public abstract Tensor Predict(Tensor noisy, Tensor timesteps, Tensor? condition);

    /// <summary>The network for samplers, which do not own it.</summary>
    public abstract INetwork ForSampling();

    public void Dispose() => Model.Dispose();

    private static Denoiser Load(UnetModel known, Device device)
    {
        var folder = PretrainedFolder.Of(known);
        return UnetFacts.Read(PretrainedFolder.Config(folder)).ClassName switch
        {
            nameof(ClassConditionedUNet) => new ClassDenoiser(ClassConditionedUNet.FromPretrained(folder, ScalarType.Float32, device)),
            nameof(UNet2DConditionModel) => new TextDenoiser(UNet2DConditionModel.FromPretrained(folder, ScalarType.Float32, device)),
            _ => new PlainDenoiser(UNet2DModel.FromPretrained(folder, ScalarType.Float32, device)),
        };
    }
}
