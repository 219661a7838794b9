using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// The configuration of a UNet2DConditionModel, the text-conditioned U-Net of Stable Diffusion (Rombach et al. 2022, arXiv:2112.10752): what its
/// config.json holds, under the same names, with the defaults of diffusers 0.30.3. Levels are counted from the finest; lists with one number hold for all of them.
/// </summary>
/// <param name="SampleSize">Height and width of the latents the model was trained on: empty where unknown, one number for a square, else height and width.</param>
/// <param name="InChannels">Channels C of the input <c>[N, C, H, W]</c>: 4, 5 with a depth map, 9 for inpainting.</param>
/// <param name="OutChannels">Channels of the output.</param>
/// <param name="CenterInputSample">Whether the input is taken from [0, 1] to [−1, 1] first.</param>
/// <param name="FlipSinToCos">Whether cosines come before sines.</param>
/// <param name="FreqShift">Subtracted from the number of sinusoid frequencies before they are spaced.</param>
/// <param name="DownBlockTypes">The block of each level on the way down, of <see cref="UNet2DConditionBlockTypes.Down"/>.</param>
/// <param name="MidBlockType"><c>UNetMidBlock2DCrossAttn</c>, <c>UNetMidBlock2D</c>, or null for none.</param>
/// <param name="UpBlockTypes">The block of each level on the way up, coarsest first, of <see cref="UNet2DConditionBlockTypes.Up"/>.</param>
/// <param name="OnlyCrossAttention">Whether the first attention of each transformer block looks at the text too, by level (1 yes, 0 no).</param>
/// <param name="BlockOutChannels">Channels of each level.</param>
/// <param name="LayersPerBlock">Resnets of the down block of each level; up blocks have one more.</param>
/// <param name="DownsamplePadding">Padding of the strided convolutions: 1, or 0 for one row and column at the far edges only.</param>
/// <param name="MidBlockScaleFactor">The middle block's residual sums are divided by this.</param>
/// <param name="Dropout">Probability of dropping an activation in training, in [0, 1).</param>
/// <param name="ActFn">The activation: <c>silu</c> (also written <c>swish</c>), <c>mish</c>, <c>gelu</c> or <c>relu</c>.</param>
/// <param name="NormNumGroups">Groups of every group norm.</param>
/// <param name="NormEps">ε of the resnets' group norms.</param>
/// <param name="CrossAttentionDim">Width D of the text vectors <c>[N, L, D]</c>, by level.</param>
/// <param name="TransformerLayersPerBlock">Transformer blocks behind each resnet, by level.</param>
/// <param name="AttentionHeadDim">In spite of its name in the files, the number of heads, by level.</param>
/// <param name="NumAttentionHeads">The number of heads where a file names it rightly, by level; empty: <paramref name="AttentionHeadDim"/>.</param>
/// <param name="UseLinearProjection">Whether tokens are projected by linear layers instead of 1 by 1 convolutions.</param>
/// <param name="ClassEmbedType">Null, <c>timestep</c> (labels are embedded like timesteps), <c>projection</c> (vectors through such an embedding) or <c>identity</c>.</param>
/// <param name="AdditionEmbedType">Null, or <c>text_time</c>: pooled text and sizes, as SDXL has them.</param>
/// <param name="AdditionTimeEmbedDim">Length of the sinusoids of each of the six sizes of <c>text_time</c>.</param>
/// <param name="NumClassEmbeds">With <paramref name="ClassEmbedType"/> null: the number of classes of a learned table.</param>
/// <param name="UpcastAttention">Whether attention is computed in float32 whatever the parameters' type.</param>
/// <param name="ResnetTimeScaleShift">How time enters a resnet: <c>default</c> adds, <c>scale_shift</c> scales and shifts after the second norm.</param>
/// <param name="TimeEmbeddingDim">Length of the time embedding; null: four times the channels of the finest level.</param>
/// <param name="TimeCondProjDim">Length of the embedding of the guidance scale (LCM); null for none.</param>
/// <param name="ConvInKernel">Size of the first convolution.</param>
/// <param name="ConvOutKernel">Size of the last convolution.</param>
/// <param name="ProjectionClassEmbeddingsInputDim">Length of what <c>projection</c> and <c>text_time</c> embed.</param>
/// <param name="Unknown">Members of the file that this version does not read; kept and written back.</param>
public sealed partial record UNet2DConditionConfig(
    EquatableArray<int> SampleSize = default,
    int InChannels = 4,
    int OutChannels = 4,
    bool CenterInputSample = false,
    bool FlipSinToCos = true,
    int FreqShift = 0,
    EquatableArray<string> DownBlockTypes = default,
    string? MidBlockType = "UNetMidBlock2DCrossAttn",
    EquatableArray<string> UpBlockTypes = default,
    EquatableArray<int> OnlyCrossAttention = default,
    EquatableArray<int> BlockOutChannels = default,
    EquatableArray<int> LayersPerBlock = default,
    int DownsamplePadding = 1,
    double MidBlockScaleFactor = 1,
    double Dropout = 0,
    string ActFn = "silu",
    int NormNumGroups = 32,
    double NormEps = 1e-5,
    EquatableArray<int> CrossAttentionDim = default,
    EquatableArray<int> TransformerLayersPerBlock = default,
    EquatableArray<int> AttentionHeadDim = default,
    EquatableArray<int> NumAttentionHeads = default,
    bool UseLinearProjection = false,
    string? ClassEmbedType = null,
    string? AdditionEmbedType = null,
    int? AdditionTimeEmbedDim = null,
    int? NumClassEmbeds = null,
    bool UpcastAttention = false,
    string ResnetTimeScaleShift = "default",
    int? TimeEmbeddingDim = null,
    int? TimeCondProjDim = null,
    int ConvInKernel = 3,
    int ConvOutKernel = 3,
    int? ProjectionClassEmbeddingsInputDim = null,
    EquatableArray<JsonMember> Unknown = default)
{
    private static readonly EquatableArray<string> DefaultDownBlockTypes =
        EquatableArray.Of("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D");

    private static readonly EquatableArray<string> DefaultUpBlockTypes =
        EquatableArray.Of("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D");

    private static readonly EquatableArray<int> DefaultBlockOutChannels = EquatableArray.Of(320, 640, 1280, 1280);

    /// <summary>The block of each level on the way down; an empty list is diffusers' default.</summary>
    public EquatableArray<string> DownBlockTypes { get; init; } = DownBlockTypes.IsEmpty ? DefaultDownBlockTypes : DownBlockTypes;

    /// <summary>The block of each level on the way up, coarsest first; an empty list is diffusers' default.</summary>
    public EquatableArray<string> UpBlockTypes { get; init; } = UpBlockTypes.IsEmpty ? DefaultUpBlockTypes : UpBlockTypes;

    /// <summary>Whether the first attention looks at the text too, by level; empty is nowhere.</summary>
    public EquatableArray<int> OnlyCrossAttention { get; init; } = Or(OnlyCrossAttention, 0);

    /// <summary>Channels of each level; an empty list is diffusers' default.</summary>
    public EquatableArray<int> BlockOutChannels { get; init; } = BlockOutChannels.IsEmpty ? DefaultBlockOutChannels : BlockOutChannels;

    /// <summary>Resnets of each down block; an empty list is 2.</summary>
    public EquatableArray<int> LayersPerBlock { get; init; } = Or(LayersPerBlock, 2);

    /// <summary>Width of the text vectors, by level; an empty list is 1280.</summary>
    public EquatableArray<int> CrossAttentionDim { get; init; } = Or(CrossAttentionDim, 1280);

    /// <summary>Transformer blocks behind each resnet, by level; an empty list is 1.</summary>
    public EquatableArray<int> TransformerLayersPerBlock { get; init; } = Or(TransformerLayersPerBlock, 1);

    /// <summary>The number of heads, by level; an empty list is 8.</summary>
    public EquatableArray<int> AttentionHeadDim { get; init; } = Or(AttentionHeadDim, 8);

    /// <summary>Stable Diffusion 1.x: text vectors of 768, latents of 64 by 64; 859,520,964 parameters.</summary>
    public static UNet2DConditionConfig Sd1 { get; } = new(SampleSize: EquatableArray.Of(64), CrossAttentionDim: EquatableArray.Of(768));

    /// <summary>Stable Diffusion 2.x: text vectors of 1024, heads of 64 channels, linear projections; 865,910,724 parameters.</summary>
    public static UNet2DConditionConfig Sd2 { get; } = Sd1 with
    {
        CrossAttentionDim = EquatableArray.Of(1024),
        AttentionHeadDim = EquatableArray.Of(5, 10, 20, 20),
        UseLinearProjection = true,
    };

    /// <summary>Stable Diffusion XL: three levels, transformers of 1, 2 and 10 blocks, two text encoders; 2,567,463,684 parameters.</summary>
    public static UNet2DConditionConfig Sdxl { get; } = new(
        SampleSize: EquatableArray.Of(128),
        DownBlockTypes: EquatableArray.Of("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        UpBlockTypes: EquatableArray.Of("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        BlockOutChannels: EquatableArray.Of(320, 640, 1280),
        CrossAttentionDim: EquatableArray.Of(2048),
        TransformerLayersPerBlock: EquatableArray.Of(1, 2, 10),
        AttentionHeadDim: EquatableArray.Of(5, 10, 20),
        UseLinearProjection: true,
        AdditionEmbedType: "text_time",
        AdditionTimeEmbedDim: 256,
        ProjectionClassEmbeddingsInputDim: 2816);

    /// <summary>The height of the latents the model was trained on, or null.</summary>
    public int? SampleHeight => SampleSize.IsEmpty ? null : SampleSize[0];

    /// <summary>The width of the latents the model was trained on, or null.</summary>
    public int? SampleWidth => SampleSize.IsEmpty ? null : SampleSize[SampleSize.Count - 1];

    /// <summary>Length of the time embedding that every resnet sees.</summary>
    public int TimeEmbedDim => TimeEmbeddingDim ?? (BlockOutChannels[0] * 4);

    /// <summary>The number of heads of a level's attention.</summary>
    /// <param name="level">Counted from the finest, 0.</param>
    public int Heads(int level) => At(NumAttentionHeads.IsEmpty ? AttentionHeadDim : NumAttentionHeads, level);

    /// <summary>The entry of a list that has one for each level, or one for all.</summary>
    /// <param name="list">Such as <see cref="CrossAttentionDim"/>.</param>
    /// <param name="level">Counted from the finest, 0.</param>
    public static int At(EquatableArray<int> list, int level) => list[list.Count == 1 ? 0 : level];

    /// <summary>This configuration for another number of input channels: 9 for inpainting, 5 with a depth map.</summary>
    /// <param name="channels">C of the input <c>[N, C, H, W]</c>.</param>
    public UNet2DConditionConfig WithInChannels(int channels) => this with { InChannels = channels };

    /// <summary>This configuration for another number of output channels.</summary>
    /// <param name="channels">C of the output <c>[N, C, H, W]</c>.</param>
    public UNet2DConditionConfig WithOutChannels(int channels) => this with { OutChannels = channels };

    /// <summary>This configuration for text vectors of another width.</summary>
    /// <param name="width">D of the text vectors <c>[N, L, D]</c>, at every level.</param>
    public UNet2DConditionConfig WithCrossAttentionDim(int width) => this with { CrossAttentionDim = EquatableArray.Of(width) };

    /// <summary>This configuration for latents of another size.</summary>
    /// <param name="size">Height and width.</param>
    public UNet2DConditionConfig WithSampleSize(int size) => this with { SampleSize = EquatableArray.Of(size) };

    /// <summary>This configuration with other channels at its levels.</summary>
    /// <param name="channels">One number for each level, finest first.</param>
    public UNet2DConditionConfig WithBlockOutChannels(params int[] channels) => this with { BlockOutChannels = channels.ToEquatableArray() };

    /// <summary>This configuration with another number of resnets at its levels.</summary>
    /// <param name="layers">One number for all levels, or one for each.</param>
    public UNet2DConditionConfig WithLayersPerBlock(params int[] layers) => this with { LayersPerBlock = layers.ToEquatableArray() };

    /// <summary>This configuration with other blocks.</summary>
    /// <param name="down">The blocks on the way down, finest first; the way up mirrors them.</param>
    public UNet2DConditionConfig WithBlocks(params string[] down) => this with
    {
        DownBlockTypes = down.ToEquatableArray(),
        UpBlockTypes = down.Reverse().Select(name => name.Replace("Down", "Up")).ToEquatableArray(),
    };

    /// <summary>This configuration with another number of heads.</summary>
    /// <param name="heads">One number for all levels, or one for each.</param>
    public UNet2DConditionConfig WithHeads(params int[] heads) => this with { AttentionHeadDim = heads.ToEquatableArray(), NumAttentionHeads = default };

    private static EquatableArray<int> Or(EquatableArray<int> list, int otherwise) => list.IsEmpty ? EquatableArray.Of(otherwise) : list;
}
