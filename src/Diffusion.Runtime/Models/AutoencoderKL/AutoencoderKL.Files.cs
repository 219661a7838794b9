using System;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Weights;
using Diffusion.Runtime.Weights.Original;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Models;

public sealed partial class AutoencoderKL
{
    /// <summary>Loads a model as diffusers' <c>from_pretrained</c> does, old checkpoints too, in evaluation mode. Nothing is downloaded.</summary>
    /// <param name="source">A folder with config.json and weights, a pipeline's folder with these under <c>vae</c>, or the name of a model in the hub's cache.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <param name="variant">Which variant of the weights to read, such as <c>fp16</c>; null reads the plain one, or else the only one there is.</param>
    /// <param name="progress">Told the share of the bytes that is done, in [0, 1].</param>
    /// <param name="cancellation">Stops between two tensors.</param>
    /// <param name="assign">Whether CPU parameters of the file's type take over the mapped file as their memory, as <see cref="StateDict.Load"/> says it.</param>
    /// <exception cref="DiffusionException">
    /// DIF0501: nothing is there. DIF0502 to DIF0513: the weights cannot be read, or are another model's. DIF0580, DIF0406, DIF0408: config.json is
    /// not JSON, or not an AutoencoderKL's. DIF0401 to DIF0407: no model can be built from it.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static AutoencoderKL FromPretrained(
        string source,
        ScalarType? dtype = null,
        Device? device = null,
        string? variant = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default,
        bool assign = false)
    {
        var folder = PretrainedFolder.Find(source, "vae");
        var config = AutoencoderKLConfig.FromJson(PretrainedFolder.Config(folder));

        return PretrainedFolder.Load(folder, () => FromConfig(config, LayerOptions.Unset(dtype, device)), variant, progress, cancellation, UNet2DKeys.Rename, assign: assign);
    }

    /// <summary>
    /// Loads the autoencoder of one file in the original layout of Stable Diffusion, as diffusers' <c>from_single_file</c> does, in evaluation mode. Nothing is
    /// downloaded; the file is read once, straight into the parameters.
    /// </summary>
    /// <param name="path">A <c>.safetensors</c> or <c>.ckpt</c> file: a whole model, or an autoencoder alone.</param>
    /// <param name="config">
    /// The configuration; null reads it from the shapes in the file (see <see cref="OriginalLayout"/>). A file with an autoencoder alone is taken for Stable
    /// Diffusion 1's or 2's; for that of SDXL give <see cref="AutoencoderKLConfig.Sdxl"/>.
    /// </param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <param name="progress">Told the share of the bytes that is done, in [0, 1].</param>
    /// <param name="cancellation">Stops between two tensors.</param>
    /// <exception cref="DiffusionException">
    /// DIF0501 to DIF0513: the file cannot be read, or a tensor is missing, unknown or of another shape (by name). DIF0526: it is no Stable Diffusion in the
    /// original layout. DIF0527: it has no autoencoder. DIF0528, DIF0401 to DIF0407: no model can be built from its shapes.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static AutoencoderKL FromSingleFile(
        string path,
        AutoencoderKLConfig? config = null,
        ScalarType? dtype = null,
        Device? device = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default) =>
        SingleFile.Load(path, file => file.Vae(config), layout => FromConfig(config ?? layout.Vae!, LayerOptions.Unset(dtype, device)), progress, cancellation);

    /// <summary>Writes config.json and diffusion_pytorch_model.safetensors, which diffusers' <c>from_pretrained</c> reads; each file whole or not at all.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="dtype">The type of the weights in the file; the parameters' own where null.</param>
    /// <exception cref="DiffusionException">DIF0510: the format lacks that type. DIF0514: the file cannot be written.</exception>
    public void SavePretrained(string folder, ScalarType? dtype = null) => PretrainedFolder.Save(folder, this, Config.ToJson(), dtype);
}
