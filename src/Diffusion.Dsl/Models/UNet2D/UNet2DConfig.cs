namespace Diffusion.Dsl;

/// <summary>
/// The configuration of a UNet2DModel, the unconditional or class-conditioned U-Net of DDPM (arXiv:2006.11239): everything its config.json
/// holds, under the same names, with the defaults of diffusers 0.30.3. Levels are counted from the finest.
/// </summary>
/// <param name="SampleSize">Height and width the model was trained on: empty where unknown, one number for a square, else height and width.</param>
/// <param name="InChannels">Channels C of the input <c>[N, C, H, W]</c>.</param>
/// <param name="OutChannels">Channels of the output.</param>
/// <param name="CenterInputSample">Whether the input is taken from [0, 1] to [−1, 1] first.</param>
/// <param name="TimeEmbeddingType"><c>positional</c> (sinusoids), <c>fourier</c> (random frequencies of log σ; the output is divided by σ) or <c>learned</c>.</param>
/// <param name="FreqShift">Subtracted from the number of sinusoid frequencies before they are spaced; 1 in the original DDPM.</param>
/// <param name="FlipSinToCos">Whether cosines come before sines.</param>
/// <param name="DownBlockTypes">The block of each level on the way down, of <see cref="UNet2DBlockTypes.Down"/>.</param>
/// <param name="UpBlockTypes">The block of each level on the way up, coarsest first, of <see cref="UNet2DBlockTypes.Up"/>.</param>
/// <param name="BlockOutChannels">Channels of each level.</param>
/// <param name="LayersPerBlock">Resnets of each down block; up blocks have one more.</param>
/// <param name="MidBlockScaleFactor">The middle block's residual sums are divided by this.</param>
/// <param name="DownsamplePadding">Padding of the strided convolutions: 1, or 0 for one row and column at the far edges only.</param>
/// <param name="DownsampleType">How attention blocks halve: <c>conv</c> or <c>resnet</c>.</param>
/// <param name="UpsampleType">How attention blocks double: <c>conv</c> or <c>resnet</c>.</param>
/// <param name="Dropout">Probability of dropping an activation in training, in [0, 1).</param>
/// <param name="ActFn">The activation: <c>silu</c> (also written <c>swish</c>), <c>mish</c>, <c>gelu</c> or <c>relu</c>.</param>
/// <param name="AttentionHeadDim">Channels of one attention head; null makes one head of all channels.</param>
/// <param name="NormNumGroups">Groups of every group norm; null is for models of Skip blocks, which choose their own.</param>
/// <param name="AttnNormNumGroups">Groups of the norm before the middle attention; null is <paramref name="NormNumGroups"/>, or no norm with <c>scale_shift</c>.</param>
/// <param name="NormEps">ε of every group norm.</param>
/// <param name="ResnetTimeScaleShift">How time enters a resnet: <c>default</c> adds, <c>scale_shift</c> scales and shifts after the second norm.</param>
/// <param name="AddAttention">Whether the middle block has attention.</param>
/// <param name="ClassEmbedType">Null, <c>timestep</c> (labels are embedded like timesteps) or <c>identity</c> (labels are embeddings).</param>
/// <param name="NumClassEmbeds">With <paramref name="ClassEmbedType"/> null: the number of classes of a learned table.</param>
/// <param name="NumTrainTimesteps">The number of timesteps of a learned time embedding.</param>
/// <param name="Unknown">Members of the file that this version does not know; kept and written back.</param>
public sealed partial record UNet2DConfig(
    EquatableArray<int> SampleSize = default,
    int InChannels = 3,
    int OutChannels = 3,
    bool CenterInputSample = false,
    string TimeEmbeddingType = "positional",
    int FreqShift = 0,
    bool FlipSinToCos = true,
    EquatableArray<string> DownBlockTypes = default,
    EquatableArray<string> UpBlockTypes = default,
    EquatableArray<int> BlockOutChannels = default,
    int LayersPerBlock = 2,
    double MidBlockScaleFactor = 1,
    int DownsamplePadding = 1,
    string DownsampleType = "conv",
    string UpsampleType = "conv",
    double Dropout = 0,
    string ActFn = "silu",
    int? AttentionHeadDim = 8,
    int? NormNumGroups = 32,
    int? AttnNormNumGroups = null,
    double NormEps = 1e-5,
    string ResnetTimeScaleShift = "default",
    bool AddAttention = true,
    string? ClassEmbedType = null,
    int? NumClassEmbeds = null,
    int? NumTrainTimesteps = null,
    EquatableArray<JsonMember> Unknown = default)
{
    private static readonly EquatableArray<string> DefaultDownBlockTypes =
        EquatableArray.Of("DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D");

    private static readonly EquatableArray<string> DefaultUpBlockTypes =
        EquatableArray.Of("AttnUpBlock2D", "AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D");

    private static readonly EquatableArray<int> DefaultBlockOutChannels = EquatableArray.Of(224, 448, 672, 896);

    /// <summary>The block of each level on the way down; an empty list is diffusers' default.</summary>
    public EquatableArray<string> DownBlockTypes { get; init; } = DownBlockTypes.IsEmpty ? DefaultDownBlockTypes : DownBlockTypes;

    /// <summary>The block of each level on the way up, coarsest first; an empty list is diffusers' default.</summary>
    public EquatableArray<string> UpBlockTypes { get; init; } = UpBlockTypes.IsEmpty ? DefaultUpBlockTypes : UpBlockTypes;

    /// <summary>Channels of each level; an empty list is diffusers' default.</summary>
    public EquatableArray<int> BlockOutChannels { get; init; } = BlockOutChannels.IsEmpty ? DefaultBlockOutChannels : BlockOutChannels;

    /// <summary>The U-Net of the Hugging Face diffusion course for MNIST: 28 by 28, one channel, 1,707,009 parameters.</summary>
    public static UNet2DConfig Course { get; } = new(
        SampleSize: EquatableArray.Of(28),
        InChannels: 1,
        OutChannels: 1,
        DownBlockTypes: EquatableArray.Of("DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"),
        UpBlockTypes: EquatableArray.Of("AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D"),
        BlockOutChannels: EquatableArray.Of(32, 64, 64));

    /// <summary>The height the model was trained on, or null.</summary>
    public int? SampleHeight => SampleSize.IsEmpty ? null : SampleSize[0];

    /// <summary>The width the model was trained on, or null.</summary>
    public int? SampleWidth => SampleSize.IsEmpty ? null : SampleSize[SampleSize.Count - 1];

    /// <summary>Length of the time embedding that every resnet sees.</summary>
    public int TimeEmbedDim => BlockOutChannels[0] * 4;

    /// <summary>This configuration for another number of input channels, such as image channels plus class planes.</summary>
    /// <param name="channels">C of the input <c>[N, C, H, W]</c>.</param>
    public UNet2DConfig WithInChannels(int channels) => this with { InChannels = channels };

    /// <summary>This configuration for another number of output channels.</summary>
    /// <param name="channels">C of the output <c>[N, C, H, W]</c>.</param>
    public UNet2DConfig WithOutChannels(int channels) => this with { OutChannels = channels };
}
