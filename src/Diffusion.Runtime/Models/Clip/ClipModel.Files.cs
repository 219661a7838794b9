using System;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Models;

public sealed partial class ClipModel
{
    // A tower, the list of its blocks, and what is between them.
    private const int Levels = 2;

    /// <summary>The number of parameters, those that take no gradient included.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>Loads a model as transformers' <c>from_pretrained</c> does, in evaluation mode. Nothing is downloaded.</summary>
    /// <param name="source">A folder with config.json and weights, a pipeline's folder with these under <c>clip_model</c>, or the name of a model in the hub's cache.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <param name="variant">Which variant of the weights to read, such as <c>fp16</c>; null reads the plain one, or else the only one there is.</param>
    /// <param name="progress">Told the share of the bytes that is done, in [0, 1].</param>
    /// <param name="cancellation">Stops between two tensors.</param>
    /// <exception cref="DiffusionException">
    /// DIF0501: nothing is there. DIF0502 to DIF0513: the weights cannot be read, or are another model's. DIF0580, DIF0404, DIF0406: config.json is not
    /// JSON, or not a whole CLIP's. DIF0404 to DIF0407: no model can be built from it.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static ClipModel FromPretrained(
        string source,
        ScalarType? dtype = null,
        Device? device = null,
        string? variant = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        var folder = PretrainedFolder.Find(source, "clip_model");
        var config = ClipConfig.FromJson(PretrainedFolder.Config(folder));

        return PretrainedFolder.Load(folder, () => FromConfig(config, LayerOptions.Unset(dtype, device)), variant, progress, cancellation, ClipKeys.Rename);
    }

    /// <summary>Writes config.json and model.safetensors, which transformers' <c>from_pretrained</c> reads; each file whole or not at all.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="dtype">The type of the weights in the file; the parameters' own where null.</param>
    /// <exception cref="DiffusionException">DIF0510: the format lacks that type. DIF0514: the file cannot be written.</exception>
    public void SavePretrained(string folder, ScalarType? dtype = null) => PretrainedFolder.SaveForTransformers(folder, this, Config.ToJson(), Architecture, dtype);

    /// <summary>The model as PyTorch prints it, layer by layer, with a line feed at the end.</summary>
    public string Print() => ModuleText.Of(this) + "\n";

    /// <summary>A table of the parts: output shape, parameters, and multiplications of one text of full length and one picture (MACs), with the totals. Runs on shapes alone.</summary>
    /// <param name="depth">How far parts are taken apart: 1 for blocks, 2 for their attentions, 3 for the layers of those.</param>
    /// <returns>Lines that end with a line feed.</returns>
    public string Summary(int depth = 1)
    {
        using var scope = NewDisposeScope();
        using var shapes = FromConfig(Config, LayerOptions.Shapes());
        var (text, vision) = (Config.Text, Config.Vision);

        return ModuleSummary.Of(
            shapes,
            () => shapes.forward(zeros(1, text.MaxPositionEmbeddings, ScalarType.Int64, META), zeros(1, vision.NumChannels, vision.ImageSize, vision.ImageSize, device: META)),
            depth + Levels);
    }
}
