using System;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Weights;
using Diffusion.Runtime.Weights.Original;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Models;

public sealed partial class UNet2DConditionModel
{
    /// <summary>Loads a model as diffusers' <c>from_pretrained</c> does, in evaluation mode. Nothing is downloaded.</summary>
    /// <param name="source">A folder with config.json and weights, a pipeline's folder with these under <c>unet</c>, or the name of a model in the hub's cache.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <param name="variant">Which variant of the weights to read, such as <c>fp16</c>; null reads the plain one, or else the only one there is.</param>
    /// <param name="progress">Told the share of the bytes that is done, in [0, 1].</param>
    /// <param name="cancellation">Stops between two tensors.</param>
    /// <param name="assign">Whether CPU parameters of the file's type take over the mapped file as their memory, as <see cref="StateDict.Load"/> says it.</param>
    /// <exception cref="DiffusionException">
    /// DIF0501: nothing is there. DIF0502 to DIF0513: the weights cannot be read, or are another model's. DIF0580, DIF0406, DIF0408: config.json is
    /// not JSON, or not a UNet2DConditionModel's. DIF0401 to DIF0407: no model can be built from it.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static UNet2DConditionModel FromPretrained(
        string source,
        ScalarType? dtype = null,
        Device? device = null,
        string? variant = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default,
        bool assign = false)
    {
        var folder = PretrainedFolder.Find(source);
        var config = UNet2DConditionConfig.FromJson(PretrainedFolder.Config(folder));

        return PretrainedFolder.Load(folder, () => FromConfig(config, LayerOptions.Unset(dtype, device)), variant, progress, cancellation, assign: assign);
    }

    /// <summary>
    /// Loads the U-Net of one file in the original layout of Stable Diffusion, as diffusers' <c>from_single_file</c> does, in evaluation mode. Nothing is
    /// downloaded; the file is read once, straight into the parameters.
    /// </summary>
    /// <param name="path">A <c>.safetensors</c> or <c>.ckpt</c> file: a whole model, or a U-Net alone.</param>
    /// <param name="config">The configuration; null reads it from the shapes in the file (see <see cref="OriginalLayout"/>).</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <param name="ema">Whether the moving averages are taken, where the file holds them beside the weights.</param>
    /// <param name="progress">Told the share of the bytes that is done, in [0, 1].</param>
    /// <param name="cancellation">Stops between two tensors.</param>
    /// <exception cref="DiffusionException">
    /// DIF0501 to DIF0513: the file cannot be read, or a tensor is missing, unknown or of another shape (by name). DIF0526: it is no Stable Diffusion in the
    /// original layout. DIF0527: it has no U-Net, or no moving averages. DIF0528, DIF0401 to DIF0407: no model can be built from its shapes.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static UNet2DConditionModel FromSingleFile(
        string path,
        UNet2DConditionConfig? config = null,
        ScalarType? dtype = null,
        Device? device = null,
        bool ema = false,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default) =>
        SingleFile.Load(path, file => file.UNet(config, ema), layout => FromConfig(config ?? layout.UNet!, LayerOptions.Unset(dtype, device)), progress, cancellation);

    /// <summary>Writes config.json and diffusion_pytorch_model.safetensors, which diffusers' <c>from_pretrained</c> reads; each file whole or not at all.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="dtype">The type of the weights in the file; the parameters' own where null.</param>
    /// <exception cref="DiffusionException">DIF0510: the format lacks that type. DIF0514: the file cannot be written.</exception>
    public void SavePretrained(string folder, ScalarType? dtype = null) => PretrainedFolder.Save(folder, this, Config.ToJson(), dtype);
}
