using System;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Models;

/// <summary>
/// CLIP's vision tower without projection (arXiv:2103.00020; a vision transformer, arXiv:2010.11929). Parity target: <c>CLIPVisionModel</c> of transformers
/// 4.27.1.
/// </summary>
public sealed class ClipVisionModel : nn.Module<Tensor, ClipVisionOutput>, IHasPrintedName
{
    private const string Architecture = "CLIPVisionModel";

    // The tower, the list of its blocks, and what is between them.
    private const int Levels = 2;

    private readonly ClipVisionTransformer _transformer;

    private ClipVisionModel(ClipVisionConfig config, LayerOptions options)
        : base(nameof(ClipVisionModel))
    {
        register_module("vision_model", _transformer = new ClipVisionTransformer(config, options));
        _transformer.Start(options);
    }

    /// <summary>The configuration the model was built from.</summary>
    public ClipVisionConfig Config => _transformer.Config;

    /// <summary>The number of parameters, those that take no gradient included.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    string IHasPrintedName.PrintedName => Architecture;

    /// <summary>An untrained model with transformers' first values, the very numbers that Python's <c>torch.manual_seed(seed)</c> gives.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="seed">Seeds the generator of the first values.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <exception cref="DiffusionException">DIF0404 to DIF0407: everything that is wrong with the configuration.</exception>
    public static ClipVisionModel FromConfig(ClipVisionConfig config, long seed = 0, ScalarType? dtype = null, Device? device = null) =>
        FromConfig(config, LayerOptions.Seeded(seed, dtype, device));

    /// <summary>A model whose parameters are made as <paramref name="options"/> say: unset for loading, or shapes alone to count and print.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="options">How the parameters are made.</param>
    /// <exception cref="DiffusionException">DIF0404 to DIF0407: everything that is wrong with the configuration.</exception>
    public static ClipVisionModel FromConfig(ClipVisionConfig config, LayerOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        var findings = config.Validate();

        return findings.IsEmpty ? new ClipVisionModel(config, options) : throw new DiffusionException(findings);
    }

    /// <summary>Loads a model as transformers' <c>from_pretrained</c> does, from a whole CLIP's folder too, in evaluation mode. Nothing is downloaded.</summary>
    /// <param name="source">A folder with config.json and weights, a pipeline's folder with these under <c>image_encoder</c>, or the name of a model in the hub's cache.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <param name="variant">Which variant of the weights to read, such as <c>fp16</c>; null reads the plain one, or else the only one there is.</param>
    /// <param name="progress">Told the share of the bytes that is done, in [0, 1].</param>
    /// <param name="cancellation">Stops between two tensors.</param>
    /// <exception cref="DiffusionException">As <see cref="ClipTextModel.FromPretrained"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static ClipVisionModel FromPretrained(
        string source,
        ScalarType? dtype = null,
        Device? device = null,
        string? variant = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        var folder = PretrainedFolder.Find(source, "image_encoder");
        var config = ClipVisionConfig.FromJson(PretrainedFolder.Config(folder));

        return PretrainedFolder.Load(folder, () => FromConfig(config, LayerOptions.Unset(dtype, device)), variant, progress, cancellation, ClipKeys.OfVision);
    }

    /// <summary>Writes config.json and model.safetensors, which transformers' <c>from_pretrained</c> reads; each file whole or not at all.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="dtype">The type of the weights in the file; the parameters' own where null.</param>
    /// <exception cref="DiffusionException">DIF0510: the format lacks that type. DIF0514: the file cannot be written.</exception>
    public void SavePretrained(string folder, ScalarType? dtype = null) => PretrainedFolder.SaveForTransformers(folder, this, Config.ToJson(), Architecture, dtype);

    /// <summary>Everything the tower says of some pictures.</summary>
    /// <param name="pixels"><c>[N, C, H, W]</c> as <see cref="ClipPixels"/> prepares them, of the parameters' type and device.</param>
    /// <exception cref="DiffusionException">DIF0410: pictures of another size.</exception>
    public override ClipVisionOutput forward(Tensor pixels) => Forward(pixels);

    /// <summary>The same, with what goes into each block.</summary>
    /// <param name="pixels"><c>[N, C, H, W]</c> as <see cref="ClipPixels"/> prepares them, of the parameters' type and device.</param>
    /// <param name="hiddenStates">Whether the hidden states are kept.</param>
    /// <exception cref="DiffusionException">DIF0410: pictures of another size.</exception>
    public ClipVisionOutput Forward(Tensor pixels, bool hiddenStates = false)
    {
        ArgumentNullException.ThrowIfNull(pixels);

        return _transformer.Output(pixels, hiddenStates, projection: null);
    }

    /// <summary>The model as PyTorch prints it, layer by layer, with a line feed at the end.</summary>
    public string Print() => ModuleText.Of(this) + "\n";

    /// <summary>A table of the parts: output shape, parameters, and multiplications of one picture (MACs), with the totals. Runs on shapes alone.</summary>
    /// <param name="depth">How far parts are taken apart: 1 for blocks, 2 for their attentions, 3 for the layers of those.</param>
    /// <returns>Lines that end with a line feed.</returns>
    public string Summary(int depth = 1)
    {
        using var scope = NewDisposeScope();
        using var shapes = FromConfig(Config, LayerOptions.Shapes());

        return ModuleSummary.Of(shapes, () => shapes.forward(zeros(1, Config.NumChannels, Config.ImageSize, Config.ImageSize, device: META)), depth + Levels);
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected override void RegisterComponents()
    {
    }
}
