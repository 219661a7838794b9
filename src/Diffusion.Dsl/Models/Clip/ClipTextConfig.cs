namespace Diffusion.Dsl;

/// <summary>
/// The configuration of CLIP's text tower (arXiv:2103.00020): what its config.json holds, under the same names, with the defaults of today's
/// transformers.
/// </summary>
/// <param name="VocabSize">Number of tokens.</param>
/// <param name="HiddenSize">Width D of the vectors.</param>
/// <param name="IntermediateSize">Width between the two linear layers of each block.</param>
/// <param name="ProjectionDim">Width P of the space that texts and pictures share; of no use to a model without projection.</param>
/// <param name="NumHiddenLayers">Number of blocks.</param>
/// <param name="NumAttentionHeads">Heads of each attention; a divisor of <paramref name="HiddenSize"/>.</param>
/// <param name="MaxPositionEmbeddings">Most tokens L that are read at once.</param>
/// <param name="HiddenAct">The activation, of <see cref="ClipActivations"/>.</param>
/// <param name="LayerNormEps">ε of every layer norm.</param>
/// <param name="AttentionDropout">Probability of dropping an attention weight in training, in [0, 1).</param>
/// <param name="InitializerRange">Deviation of the first values of some of transformers' models; CLIP's text tower does not use it.</param>
/// <param name="InitializerFactor">Scales all deviations of first values.</param>
/// <param name="PadTokenId">The number of the token that fills a text; written for transformers, not used.</param>
/// <param name="BosTokenId">The number of the token before every text; written for transformers, not used.</param>
/// <param name="EosTokenId">
/// The number of the token behind every text, whose vector stands for the whole. 2 is what old files say, Stable Diffusion's among them, and wrong
/// there: it means the token with the greatest number, which is the end token of CLIP's own vocabulary.
/// </param>
/// <param name="Unknown">Members of the file that this version does not know; kept and written back.</param>
public sealed partial record ClipTextConfig(
    int VocabSize = 49408,
    int HiddenSize = 512,
    int IntermediateSize = 2048,
    int ProjectionDim = 512,
    int NumHiddenLayers = 12,
    int NumAttentionHeads = 8,
    int MaxPositionEmbeddings = 77,
    string HiddenAct = ClipActivations.QuickGelu,
    double LayerNormEps = 1e-5,
    double AttentionDropout = 0,
    double InitializerRange = 0.02,
    double InitializerFactor = 1,
    int? PadTokenId = 1,
    int? BosTokenId = 49406,
    int EosTokenId = 49407,
    EquatableArray<JsonMember> Unknown = default)
{
    internal const string ModelType = "clip_text_model";

    // What old files say where they mean the greatest number.
    private const int GreatestIdIsEnd = 2;

    /// <summary>The text encoder of Stable Diffusion 1, of CLIP ViT-L/14: 12 blocks of width 768; 123,060,480 parameters.</summary>
    public static ClipTextConfig StableDiffusion1 { get; } = new(
        HiddenSize: 768,
        IntermediateSize: 3072,
        ProjectionDim: 768,
        NumAttentionHeads: 12,
        BosTokenId: 0,
        EosTokenId: GreatestIdIsEnd);

    /// <summary>The text encoder of Stable Diffusion 2, of OpenCLIP ViT-H/14 without its last block: 23 blocks of width 1024; 340,387,840 parameters.</summary>
    public static ClipTextConfig StableDiffusion2 { get; } = new(
        HiddenSize: 1024,
        IntermediateSize: 4096,
        NumHiddenLayers: 23,
        NumAttentionHeads: 16,
        HiddenAct: ClipActivations.Gelu,
        BosTokenId: 0,
        EosTokenId: GreatestIdIsEnd);

    /// <summary>The second text encoder of Stable Diffusion XL, of OpenCLIP ViT-bigG/14, with projection: 32 blocks of width 1280; 694,659,840 parameters.</summary>
    public static ClipTextConfig StableDiffusionXLSecond { get; } = new(
        HiddenSize: 1280,
        IntermediateSize: 5120,
        ProjectionDim: 1280,
        NumHiddenLayers: 32,
        NumAttentionHeads: 20,
        HiddenAct: ClipActivations.Gelu,
        BosTokenId: 0,
        EosTokenId: GreatestIdIsEnd);

    /// <summary>Whether the end of a text is its token with the greatest number, instead of the first <see cref="EosTokenId"/>.</summary>
    public bool EndIsGreatestId => EosTokenId == GreatestIdIsEnd;
}
