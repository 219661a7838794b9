using System;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Weights;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Models;

public sealed partial class ClassConditionedUNet
{
    /// <summary>Loads a model that <see cref="SavePretrained"/> wrote, in evaluation mode.</summary>
    /// <param name="source">A folder with config.json and weights, or a pipeline's folder with these under <c>unet</c>.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <param name="variant">Which variant of the weights to read, such as <c>fp16</c>; null reads the plain one, or else the only one there is.</param>
    /// <param name="progress">Told the share of the bytes that is done, in [0, 1].</param>
    /// <param name="cancellation">Stops between two tensors.</param>
    /// <param name="assign">Whether CPU parameters of the file's type take over the mapped file as their memory, as <see cref="StateDict.Load"/> says it.</param>
    /// <exception cref="DiffusionException">
    /// DIF0501: nothing is there. DIF0502 to DIF0513: the weights cannot be read, or are another model's. DIF0580, DIF0406, DIF0408: config.json is
    /// not JSON, or not a ClassConditionedUNet's. DIF0401 to DIF0407: no model can be built from it.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static ClassConditionedUNet FromPretrained(
        string source,
        ScalarType? dtype = null,
        Device? device = null,
        string? variant = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default,
        bool assign = false)
    {
        var folder = PretrainedFolder.Find(source);
        var config = ClassConditionedUNetConfig.FromJson(PretrainedFolder.Config(folder));

        return PretrainedFolder.Load(folder, () => FromConfig(config, LayerOptions.Unset(dtype, device)), variant, progress, cancellation, assign: assign);
    }

    /// <summary>Writes config.json and diffusion_pytorch_model.safetensors; each file whole or not at all.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="dtype">The type of the weights in the file; the parameters' own where null.</param>
    /// <exception cref="DiffusionException">DIF0510: the format lacks that type. DIF0514: the file cannot be written.</exception>
    public void SavePretrained(string folder, ScalarType? dtype = null) => PretrainedFolder.Save(folder, this, Config.ToJson(), dtype);
}
