using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// The configuration of CLIP's vision tower (arXiv:2103.00020), a vision transformer (arXiv:2010.11929): what its config.json holds, under the same
/// names, with the defaults of transformers, which are ViT-B/32's.
/// </summary>
/// <param name="HiddenSize">Width D of the vectors.</param>
/// <param name="IntermediateSize">Width between the two linear layers of each block.</param>
/// <param name="ProjectionDim">Width P of the space that texts and pictures share; of no use to a model without projection.</param>
/// <param name="NumHiddenLayers">Number of blocks.</param>
/// <param name="NumAttentionHeads">Heads of each attention; a divisor of <paramref name="HiddenSize"/>.</param>
/// <param name="NumChannels">Channels C of pictures <c>[N, C, H, W]</c>.</param>
/// <param name="ImageSize">Height and width of pictures.</param>
/// <param name="PatchSize">Height and width of the patches they are cut into; a divisor of <paramref name="ImageSize"/>.</param>
/// <param name="HiddenAct">The activation, of <see cref="ClipActivations"/>.</param>
/// <param name="LayerNormEps">ε of every layer norm.</param>
/// <param name="AttentionDropout">Probability of dropping an attention weight in training, in [0, 1).</param>
/// <param name="InitializerRange">Deviation of the first values of patches and positions.</param>
/// <param name="InitializerFactor">Scales all deviations of first values.</param>
/// <param name="Unknown">Members of the file that this version does not know; kept and written back.</param>
public sealed partial record ClipVisionConfig(
    int HiddenSize = 768,
    int IntermediateSize = 3072,
    int ProjectionDim = 512,
    int NumHiddenLayers = 12,
    int NumAttentionHeads = 12,
    int NumChannels = 3,
    int ImageSize = 224,
    int PatchSize = 32,
    string HiddenAct = ClipActivations.QuickGelu,
    double LayerNormEps = 1e-5,
    double AttentionDropout = 0,
    double InitializerRange = 0.02,
    double InitializerFactor = 1,
    EquatableArray<JsonMember> Unknown = default)
{
    internal const string ModelType = "clip_vision_model";

    /// <summary>ViT-B/32, the smallest of OpenAI's: patches of 32 pixels.</summary>
    public static ClipVisionConfig VitB32 { get; } = new();

    /// <summary>ViT-L/14: 24 blocks of width 1024, patches of 14 pixels.</summary>
    public static ClipVisionConfig VitL14 { get; } = new(
        HiddenSize: 1024,
        IntermediateSize: 4096,
        ProjectionDim: 768,
        NumHiddenLayers: 24,
        NumAttentionHeads: 16,
        PatchSize: 14);

    /// <summary>Number of patches of a picture.</summary>
    public int Patches => ImageSize / PatchSize * (ImageSize / PatchSize);

    /// <summary>Everything that is wrong with this configuration; empty where a model can be built from it.</summary>
    public EquatableArray<Finding> Validate() => Findings("").ToEquatableArray();

    /// <summary>The same, with something before the names of members.</summary>
    internal IEnumerable<Finding> Findings(string at)
    {
        var findings = new ClipFindings(at);

        return findings.AtLeastOne("hidden_size", HiddenSize)
            .Concat(findings.AtLeastOne("intermediate_size", IntermediateSize))
            .Concat(findings.AtLeastOne("projection_dim", ProjectionDim))
            .Concat(findings.AtLeastOne("num_hidden_layers", NumHiddenLayers))
            .Concat(findings.AtLeastOne("num_attention_heads", NumAttentionHeads))
            .Concat(findings.AtLeastOne("num_channels", NumChannels))
            .Concat(findings.AtLeastOne("image_size", ImageSize))
            .Concat(findings.AtLeastOne("patch_size", PatchSize))
            .Concat(findings.Tower(HiddenSize, NumAttentionHeads, HiddenAct, LayerNormEps, AttentionDropout))
            .Concat(PatchFindings(at));
    }

    private IEnumerable<Finding> PatchFindings(string at)
    {
        if (ImageSize >= 1 && PatchSize >= 1 && ImageSize % PatchSize != 0)
            yield return Rules.ConfigNeeds.Found(at + "patch_size", PatchSize, at + "image_size", ImageSize, $"patches cover a picture, so choose a divisor of {ImageSize}");
    }
}
