using System;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Weights;
using Diffusion.Runtime.Weights.Original;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Models;

public abstract partial class ClipTextNetwork
{
    /// <summary>Loads a text encoder of whichever of the two classes its config.json names under <c>architectures</c>; without that, one without projection.</summary>
    /// <param name="source">A folder with config.json and weights, a pipeline's folder with these under <paramref name="part"/>, or the name of a model in the hub's cache.</param>
    /// <param name="part">Where a pipeline keeps it: <c>text_encoder</c>, or <c>text_encoder_2</c>.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <param name="variant">Which variant of the weights to read, such as <c>fp16</c>; null reads the plain one, or else the only one there is.</param>
    /// <param name="progress">Told the share of the bytes that is done, in [0, 1].</param>
    /// <param name="cancellation">Stops between two tensors.</param>
    /// <param name="assign">Whether CPU parameters of the file's type take over the mapped file as their memory, as <see cref="StateDict.Load"/> says it.</param>
    /// <exception cref="DiffusionException">As <see cref="ClipTextModel.FromPretrained"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static ClipTextNetwork FromPretrained(
        string source,
        string part,
        ScalarType? dtype = null,
        Device? device = null,
        string? variant = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default,
        bool assign = false)
    {
        var folder = PretrainedFolder.Find(source, part);
        var architectures = PretrainedFolder.Config(folder).Find("architectures");
        var isProjected = architectures is { Kind: JsonKind.Array } && architectures.Items.Contains(JsonValue.Of("CLIPTextModelWithProjection"));

        return isProjected
            ? ClipTextModelWithProjection.FromPretrained(folder, dtype, device, variant, progress, cancellation, assign)
            : ClipTextModel.FromPretrained(folder, dtype, device, variant, progress, cancellation, assign);
    }

    /// <summary>
    /// Loads a text encoder of one file in the original layout of Stable Diffusion, in evaluation mode: with projection where it is the second one of
    /// Stable Diffusion XL. Nothing is downloaded; the file is read once, straight into the parameters.
    /// </summary>
    /// <param name="path">A <c>.safetensors</c> or <c>.ckpt</c> file.</param>
    /// <param name="index">Which one, counted from 0.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <param name="progress">Told the share of the bytes that is done, in [0, 1].</param>
    /// <param name="cancellation">Stops between two tensors.</param>
    /// <exception cref="DiffusionException">
    /// DIF0501 to DIF0513: the file cannot be read, or a tensor is missing, unknown or of another shape (by name). DIF0526: it is no Stable Diffusion in the
    /// original layout. DIF0527: it has no such text encoder. DIF0528, DIF0404 to DIF0407: no model can be built from its shapes.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static ClipTextNetwork FromSingleFile(
        string path,
        int index = 0,
        ScalarType? dtype = null,
        Device? device = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        return SingleFile.Load(path, file => file.TextEncoder(index), layout => Create(layout.TextEncoders[index]), progress, cancellation);

        ClipTextNetwork Create(OriginalTextEncoder encoder) => encoder.HasProjection
            ? ClipTextModelWithProjection.FromConfig(encoder.Config, LayerOptions.Unset(dtype, device))
            : ClipTextModel.FromConfig(encoder.Config, LayerOptions.Unset(dtype, device));
    }

    /// <summary>Writes config.json and model.safetensors, which transformers' <c>from_pretrained</c> reads; each file whole or not at all.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="dtype">The type of the weights in the file; the parameters' own where null.</param>
    /// <exception cref="DiffusionException">DIF0510: the format lacks that type. DIF0514: the file cannot be written.</exception>
    public void SavePretrained(string folder, ScalarType? dtype = null) => PretrainedFolder.SaveForTransformers(folder, this, Config.ToJson(), Architecture, dtype);
}
