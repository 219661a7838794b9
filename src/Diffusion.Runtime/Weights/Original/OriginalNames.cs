using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>
/// The parameters of one part of Stable Diffusion under two names: those of the original layout, which CompVis and Stability AI publish, and those of
/// diffusers and transformers, which this library's models have.
/// </summary>
public sealed class OriginalNames
{
    private readonly Func<string, IReadOnlyList<NamedEdit>?> _from;
    private readonly Func<string, string?> _to;

    private OriginalNames(string prefix, Func<string, IReadOnlyList<NamedEdit>?> from, Func<string, string?> to) => (Prefix, _from, _to) = (prefix, from, to);

    /// <summary>What all original names of the part start with, such as <c>first_stage_model.</c>; empty where the part is a file of its own.</summary>
    public string Prefix { get; }

    /// <summary>The names of a U-Net; they depend on its levels and blocks.</summary>
    /// <param name="config">The U-Net's configuration.</param>
    /// <param name="prefix">What the original names start with.</param>
    public static OriginalNames UNet(UNet2DConditionConfig config, string prefix = "model.diffusion_model.")
    {
        ArgumentNullException.ThrowIfNull(config);
        var modules = new ModuleNames(UNetModules.Of(config));

        return new OriginalNames(prefix, name => modules.FromOriginal(name) is { } own ? [new(own)] : null, modules.ToOriginal);
    }

    /// <summary>The names of an autoencoder. The linear layers of its attentions are 1 by 1 convolutions in the original layout.</summary>
    /// <param name="config">The autoencoder's configuration.</param>
    /// <param name="prefix">What the original names start with.</param>
    public static OriginalNames Autoencoder(AutoencoderKLConfig config, string prefix = "first_stage_model.")
    {
        ArgumentNullException.ThrowIfNull(config);
        var modules = new ModuleNames(AutoencoderModules.Of(config));

        return new OriginalNames(
            prefix,
            name => modules.FromOriginal(name) is { } own ? [new(own, AutoencoderModules.IsPointwise(own) ? TensorEdit.Pointwise : TensorEdit.None)]
                : name.StartsWith("loss.", StringComparison.Ordinal) || name.StartsWith("model_ema.", StringComparison.Ordinal) ? [] : null,
            modules.ToOriginal);
    }

    /// <summary>The names of a text encoder that the original layout keeps as transformers names it: that of Stable Diffusion 1, the first of Stable Diffusion XL.</summary>
    /// <param name="prefix">What the original names start with.</param>
    public static OriginalNames Clip(string prefix = "cond_stage_model.transformer.") => new(
        prefix,
        name => name.EndsWith("embeddings.position_ids", StringComparison.Ordinal) ? []
            : name.StartsWith("text_model.", StringComparison.Ordinal) ? [new(name)]
            : name.StartsWith("embeddings.", StringComparison.Ordinal) || name.StartsWith("encoder.", StringComparison.Ordinal) || name.StartsWith("final_layer_norm.", StringComparison.Ordinal)
                ? [new("text_model." + name)] // as some programs that merge checkpoints write them
                : null,
        name => name.StartsWith("text_model.", StringComparison.Ordinal) ? name : null);

    /// <summary>The names of a text encoder that the original layout keeps as OpenCLIP names it: that of Stable Diffusion 2, the second of Stable Diffusion XL.</summary>
    /// <param name="layers">The number of blocks that are used, 23 of 24 in Stable Diffusion 2; those behind have no names.</param>
    /// <param name="hasProjection">Whether the model has the projection, as that of Stable Diffusion XL has.</param>
    /// <param name="prefix">What the original names start with.</param>
    public static OriginalNames OpenClip(int layers, bool hasProjection = false, string prefix = "cond_stage_model.model.") =>
        new(prefix, new OpenClipNames(layers, hasProjection).FromOriginal, OpenClipNames.ToOriginal);

    /// <summary>The original name of a parameter; null where the original layout has no such parameter.</summary>
    /// <param name="name">diffusers' or transformers' name, such as <c>conv_in.weight</c>.</param>
    public string? ToOriginal(string name) => _to(name) is { } original ? Prefix + original : null;

    /// <summary>
    /// The names of the parameters that a tensor of the original layout becomes: one; three for query, key and value in one (<c>in_proj_weight</c>);
    /// none where the tensor is of another part, of no use, or unknown.
    /// </summary>
    /// <param name="name">The original name, such as <c>model.diffusion_model.input_blocks.0.0.weight</c>.</param>
    public EquatableArray<string> FromOriginal(string name) =>
        (name.StartsWith(Prefix, StringComparison.Ordinal) ? Edits(name) ?? [] : []).Select(edit => edit.Name).ToEquatableArray();

    /// <summary>What becomes of a tensor of this part; null where it is unknown.</summary>
    internal IReadOnlyList<NamedEdit>? Edits(string name) => _from(name[Prefix.Length..]);
}
