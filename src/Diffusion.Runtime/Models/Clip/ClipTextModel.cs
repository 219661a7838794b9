using System;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Weights;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Models;

/// <summary>
/// CLIP's text tower without projection: the text encoder of Stable Diffusion 1 and 2, and the first of Stable Diffusion XL. Parity target:
/// <c>CLIPTextModel</c> of transformers 4.27.1.
/// </summary>
public sealed class ClipTextModel : ClipTextNetwork
{
    private ClipTextModel(ClipTextConfig config, LayerOptions options)
        : base(nameof(ClipTextModel), config, options, hasProjection: false)
    {
    }

    internal override string Architecture => "CLIPTextModel";

    /// <summary>An untrained model with transformers' first values, the very numbers that Python's <c>torch.manual_seed(seed)</c> gives.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="seed">Seeds the generator of the first values.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <exception cref="DiffusionException">DIF0404 to DIF0407: everything that is wrong with the configuration.</exception>
    public static ClipTextModel FromConfig(ClipTextConfig config, long seed = 0, ScalarType? dtype = null, Device? device = null) =>
        FromConfig(config, LayerOptions.Seeded(seed, dtype, device));

    /// <summary>A model whose parameters are made as <paramref name="options"/> say: unset for loading, or shapes alone to count and print.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="options">How the parameters are made.</param>
    /// <exception cref="DiffusionException">DIF0404 to DIF0407: everything that is wrong with the configuration.</exception>
    public static ClipTextModel FromConfig(ClipTextConfig config, LayerOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        var findings = config.Validate();

        return findings.IsEmpty ? new ClipTextModel(config, options) : throw new DiffusionException(findings);
    }

    /// <summary>Loads a model as transformers' <c>from_pretrained</c> does, from a whole CLIP's folder too, in evaluation mode. Nothing is downloaded.</summary>
    /// <param name="source">A folder with config.json and weights, a pipeline's folder with these under <c>text_encoder</c>, or the name of a model in the hub's cache.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <param name="variant">Which variant of the weights to read, such as <c>fp16</c>; null reads the plain one, or else the only one there is.</param>
    /// <param name="progress">Told the share of the bytes that is done, in [0, 1].</param>
    /// <param name="cancellation">Stops between two tensors.</param>
    /// <param name="assign">Whether CPU parameters of the file's type take over the mapped file as their memory, as <see cref="StateDict.Load"/> says it.</param>
    /// <exception cref="DiffusionException">
    /// DIF0501: nothing is there. DIF0502 to DIF0513: the weights cannot be read, or are another model's. DIF0580, DIF0404, DIF0406: config.json is not
    /// JSON, or not a text encoder's. DIF0404 to DIF0407: no model can be built from it.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static ClipTextModel FromPretrained(
        string source,
        ScalarType? dtype = null,
        Device? device = null,
        string? variant = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default,
        bool assign = false)
    {
        var folder = PretrainedFolder.Find(source, "text_encoder");
        var config = ClipTextConfig.FromJson(PretrainedFolder.Config(folder));

        return PretrainedFolder.Load(folder, () => FromConfig(config, LayerOptions.Unset(dtype, device)), variant, progress, cancellation, ClipKeys.OfText, assign: assign);
    }

    internal override ClipTextNetwork Like(LayerOptions options) => FromConfig(Config, options);
}
