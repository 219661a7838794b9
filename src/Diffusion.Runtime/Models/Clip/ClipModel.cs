using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Text;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;
using F = TorchSharp.torch.nn.functional;
using Linear = Diffusion.Runtime.Layers.Linear;

namespace Diffusion.Runtime.Models;

/// <summary>
/// CLIP (Radford et al. 2021, arXiv:2103.00020): a tower for texts and one for pictures, whose vectors lie in one space, near each other where a text describes
/// a picture. Parameters have the names of transformers' state dicts. Parity target: <c>CLIPModel</c> of transformers 4.27.1.
/// </summary>
/// <remarks>Trainable with autograd, by <see cref="ContrastiveLoss"/>. Where no gradient is recorded (<c>torch.no_grad</c>) intermediate tensors are reused in place.</remarks>
public sealed partial class ClipModel : nn.Module<Tensor, Tensor, ClipOutput>, IHasPrintedName
{
    private const string Architecture = "CLIPModel";

    // The paper, section 2.5: logits of more than 100 make training unstable.
    private const double GreatestScale = 100;

    private readonly ClipTextTransformer _text;
    private readonly ClipVisionTransformer _vision;
    private readonly Linear _visualProjection;
    private readonly Linear _textProjection;

    private ClipModel(ClipConfig config, LayerOptions options)
        : base(nameof(ClipModel))
    {
        Config = config;
        register_module("text_model", _text = new ClipTextTransformer(config.Text, options));
        register_module("vision_model", _vision = new ClipVisionTransformer(config.Vision, options));
        register_module("visual_projection", _visualProjection = new Linear(config.Vision.HiddenSize, config.ProjectionDim, options, hasBias: false));
        register_module("text_projection", _textProjection = new Linear(config.Text.HiddenSize, config.ProjectionDim, options, hasBias: false));
        register_parameter("logit_scale", LogitScale = options.Scalar(config.LogitScaleInitValue));
        _text.Start(options);
        _vision.Start(options);
        options.RedrawNormal(_textProjection.Weight, config.InitializerFactor / Math.Sqrt(config.Text.HiddenSize));
        options.RedrawNormal(_visualProjection.Weight, config.InitializerFactor / Math.Sqrt(config.Vision.HiddenSize));
    }

    /// <summary>The configuration the model was built from.</summary>
    public ClipConfig Config { get; }

    /// <summary>The logarithm of the scale of similarities, <c>[]</c>.</summary>
    [field: ComponentName(Name = "logit_scale")]
    public Parameter LogitScale { get; }

    /// <summary>The type of the parameters, which pictures must have too.</summary>
    public ScalarType DType => LogitScale.dtype;

    /// <summary>The device of the parameters, where pictures must be too.</summary>
    public Device Device => LogitScale.device;

    string IHasPrintedName.PrintedName => Architecture;

    /// <summary>An untrained model with transformers' first values, the very numbers that Python's <c>torch.manual_seed(seed)</c> gives.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="seed">Seeds the generator of the first values.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <exception cref="DiffusionException">DIF0404 to DIF0407: everything that is wrong with the configuration.</exception>
    public static ClipModel FromConfig(ClipConfig config, long seed = 0, ScalarType? dtype = null, Device? device = null) =>
        FromConfig(config, LayerOptions.Seeded(seed, dtype, device));

    /// <summary>A model whose parameters are made as <paramref name="options"/> say: unset for loading, or shapes alone to count and print.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="options">How the parameters are made.</param>
    /// <exception cref="DiffusionException">DIF0404 to DIF0407: everything that is wrong with the configuration.</exception>
    public static ClipModel FromConfig(ClipConfig config, LayerOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        var findings = config.Validate();

        return findings.IsEmpty ? new ClipModel(config, options) : throw new DiffusionException(findings);
    }

    /// <summary>How alike texts and pictures are, each text with each picture.</summary>
    /// <param name="ids">The numbers of tokens, <c>[T, L]</c>, whole numbers.</param>
    /// <param name="pixels"><c>[I, C, H, W]</c> as <see cref="ClipPixels"/> prepares them, of the parameters' type and device.</param>
    /// <exception cref="DiffusionException">DIF0410: a tensor has the wrong shape, or there are more tokens than positions. DIF0412: a number that is no token's. DIF0740: a text without an end token.</exception>
    public override ClipOutput forward(Tensor ids, Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var text = F.normalize(TextFeatures(ids), dim: -1);
        var image = F.normalize(ImageFeatures(pixels), dim: -1);
        var logits = Scaled(text, image);

        return new(text.MoveToOuterDisposeScope(), image.MoveToOuterDisposeScope(), logits.MoveToOuterDisposeScope(), logits.t().MoveToOuterDisposeScope());
    }

    /// <summary>Texts in the common space, of any length.</summary>
    /// <param name="ids">The numbers of tokens, <c>[T, L]</c>, whole numbers.</param>
    /// <param name="mask">1 where a token is seen, 0 where not, <c>[T, L]</c>; null: all are.</param>
    /// <returns><c>[T, P]</c>; the caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0410, DIF0412, DIF0740: as in <see cref="forward"/>.</exception>
    public Tensor TextFeatures(Tensor ids, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();

        return Text(ids, mask).TextEmbeds!.MoveToOuterDisposeScope();
    }

    /// <summary>Texts in the common space, of any length.</summary>
    /// <param name="texts">At least one; those that were cut off stand for what was seen.</param>
    /// <returns><c>[T, P]</c>; the caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0410, DIF0412, DIF0740: as in <see cref="forward"/>.</exception>
    public Tensor TextFeatures(IEnumerable<Tokens> texts)
    {
        using var ids = TokenTensors.Ids(texts);

        return TextFeatures(ids);
    }

    /// <summary>Pictures in the common space, of any length.</summary>
    /// <param name="pixels"><c>[I, C, H, W]</c> as <see cref="ClipPixels"/> prepares them, of the parameters' type and device.</param>
    /// <returns><c>[I, P]</c>; the caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0410: pictures of another size.</exception>
    public Tensor ImageFeatures(Tensor pixels)
    {
        using var scope = NewDisposeScope();

        return Image(pixels).ImageEmbeds!.MoveToOuterDisposeScope();
    }

    /// <summary>Pictures in the common space, of any length; resized, cropped and normalised first.</summary>
    /// <param name="pictures">At least one, of any size.</param>
    /// <returns><c>[I, P]</c>; the caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0454: no pictures. DIF0410: the model takes pictures of other channels than 3.</exception>
    public Tensor ImageFeatures(IEnumerable<Image> pictures)
    {
        using var scope = NewDisposeScope();
        var pixels = ClipPixels.Prepare(pictures, Config.Vision.ImageSize).to(DType, Device);

        return ImageFeatures(pixels).MoveToOuterDisposeScope();
    }

    /// <summary>Everything the text tower says.</summary>
    /// <param name="ids">The numbers of tokens, <c>[T, L]</c>, whole numbers.</param>
    /// <param name="mask">1 where a token is seen, 0 where not, <c>[T, L]</c>; null: all are.</param>
    /// <param name="hiddenStates">Whether the hidden states are kept.</param>
    /// <exception cref="DiffusionException">DIF0410, DIF0412, DIF0740: as in <see cref="forward"/>.</exception>
    public ClipTextOutput Text(Tensor ids, Tensor? mask = null, bool hiddenStates = false)
    {
        using var embeddings = _text.Embed(ids, Architecture);

        return _text.Output(embeddings, mask, hiddenStates, _textProjection);
    }

    /// <summary>Everything the vision tower says.</summary>
    /// <param name="pixels"><c>[I, C, H, W]</c> as <see cref="ClipPixels"/> prepares them, of the parameters' type and device.</param>
    /// <param name="hiddenStates">Whether the hidden states are kept.</param>
    /// <exception cref="DiffusionException">DIF0410: pictures of another size.</exception>
    public ClipVisionOutput Image(Tensor pixels, bool hiddenStates = false)
    {
        ArgumentNullException.ThrowIfNull(pixels);

        return _vision.Output(pixels, hiddenStates, _visualProjection);
    }

    /// <summary>The cosine of each text's angle to each picture, times the learned scale.</summary>
    /// <param name="textFeatures">Texts in the common space, of any length but 0, <c>[T, P]</c>.</param>
    /// <param name="imageFeatures">Pictures in the common space, of any length but 0, <c>[I, P]</c>.</param>
    /// <returns><c>[T, I]</c>; the caller's to dispose.</returns>
    public Tensor Similarity(Tensor textFeatures, Tensor imageFeatures)
    {
        using var scope = NewDisposeScope();

        return Scaled(F.normalize(textFeatures, dim: -1), F.normalize(imageFeatures, dim: -1)).MoveToOuterDisposeScope();
    }

    /// <summary>Takes the scale back to 100 where training took it further, after each step (arXiv:2103.00020, section 2.5).</summary>
    public void ClampLogitScale()
    {
        using var guard = no_grad();
        using TorchSharp.Scalar greatest = Math.Log(GreatestScale);
        LogitScale.clamp_(max: greatest);
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected override void RegisterComponents()
    {
    }

    private Tensor Scaled(Tensor text, Tensor image)
    {
        using var scope = NewDisposeScope();

        return (text.matmul(image.t()) * LogitScale.exp()).MoveToOuterDisposeScope();
    }
}
