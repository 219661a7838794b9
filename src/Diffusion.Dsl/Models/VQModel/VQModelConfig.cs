using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// The configuration of a VQModel, the autoencoder whose latents are vectors of a codebook (VQ-VAE, arXiv:1711.00937; VQGAN, arXiv:2012.09841):
/// everything its config.json holds, under the same names, with the defaults of diffusers 0.30.3. Levels are counted from the finest.
/// </summary>
/// <param name="InChannels">Channels C of the images <c>[N, C, H, W]</c>.</param>
/// <param name="OutChannels">Channels of the decoded images.</param>
/// <param name="DownBlockTypes">The encoder's block of each level, of <see cref="AutoencoderBlockTypes.Down"/>.</param>
/// <param name="UpBlockTypes">The decoder's block of each level, coarsest first, of <see cref="AutoencoderBlockTypes.Up"/>.</param>
/// <param name="BlockOutChannels">Channels of each level.</param>
/// <param name="LayersPerBlock">Resnets of each of the encoder's blocks; the decoder's have one more.</param>
/// <param name="ActFn">The activation: <c>silu</c> (also written <c>swish</c>), <c>mish</c>, <c>gelu</c> or <c>relu</c>.</param>
/// <param name="LatentChannels">Channels of the encoder's output and of the decoder's input.</param>
/// <param name="SampleSize">Height and width of the training images: one number for a square, else both.</param>
/// <param name="NumVqEmbeddings">Vectors of the codebook.</param>
/// <param name="NormNumGroups">Groups of every group norm.</param>
/// <param name="VqEmbedDim">Length of the codebook's vectors, and so channels of the latents; null is <paramref name="LatentChannels"/>.</param>
/// <param name="ScalingFactor">Latents are multiplied by it before diffusion; pipelines for VQModel do not use it.</param>
/// <param name="NormType">The decoder's norms: <c>group</c>.</param>
/// <param name="MidBlockAddAttention">Whether both middle blocks have attention.</param>
/// <param name="LookupFromCodebook">Whether what comes to the decoder unquantized is indices into the codebook.</param>
/// <param name="ForceUpcast">Whether the network overflows in float16 and has to run in float32 when the rest runs in float16.</param>
/// <param name="Unknown">Members of the file that this version does not know; kept and written back.</param>
public sealed partial record VQModelConfig(
    int InChannels = 3,
    int OutChannels = 3,
    EquatableArray<string> DownBlockTypes = default,
    EquatableArray<string> UpBlockTypes = default,
    EquatableArray<int> BlockOutChannels = default,
    int LayersPerBlock = 1,
    string ActFn = "silu",
    int LatentChannels = 3,
    EquatableArray<int> SampleSize = default,
    int NumVqEmbeddings = 256,
    int NormNumGroups = 32,
    int? VqEmbedDim = null,
    double ScalingFactor = 0.18215,
    string NormType = "group",
    bool MidBlockAddAttention = true,
    bool LookupFromCodebook = false,
    bool ForceUpcast = false,
    EquatableArray<JsonMember> Unknown = default)
{
    private static readonly EquatableArray<string> DefaultDownBlockTypes = EquatableArray.Of("DownEncoderBlock2D");

    private static readonly EquatableArray<string> DefaultUpBlockTypes = EquatableArray.Of("UpDecoderBlock2D");

    private static readonly EquatableArray<int> DefaultBlockOutChannels = EquatableArray.Of(64);

    private static readonly EquatableArray<int> DefaultSampleSize = EquatableArray.Of(32);

    /// <summary>The encoder's block of each level; an empty list is diffusers' default.</summary>
    public EquatableArray<string> DownBlockTypes { get; init; } = DownBlockTypes.IsEmpty ? DefaultDownBlockTypes : DownBlockTypes;

    /// <summary>The decoder's block of each level, coarsest first; an empty list is diffusers' default.</summary>
    public EquatableArray<string> UpBlockTypes { get; init; } = UpBlockTypes.IsEmpty ? DefaultUpBlockTypes : UpBlockTypes;

    /// <summary>Channels of each level; an empty list is diffusers' default.</summary>
    public EquatableArray<int> BlockOutChannels { get; init; } = BlockOutChannels.IsEmpty ? DefaultBlockOutChannels : BlockOutChannels;

    /// <summary>Height and width of the training images; an empty list is diffusers' default.</summary>
    public EquatableArray<int> SampleSize { get; init; } = SampleSize.IsEmpty ? DefaultSampleSize : SampleSize;

    /// <summary>The VQ-f4 of latent diffusion (arXiv:2112.10752): factor 4, a codebook of 8192 vectors of 3 numbers, 55,322,782 parameters.</summary>
    public static VQModelConfig VqF4 { get; } =
        new VQModelConfig(LayersPerBlock: 2, SampleSize: EquatableArray.Of(256), NumVqEmbeddings: 8192).WithLevels(128, 256, 512);

    /// <summary>By how much images shrink on each side: 2 to the number of levels less 1.</summary>
    public int Factor => ToLayout().Factor;

    /// <summary>Length of the codebook's vectors, and so channels of the latents.</summary>
    public int CodeLength => VqEmbedDim ?? LatentChannels;

    /// <summary>What the encoder and the decoder are made of.</summary>
    public AutoencoderLayout ToLayout() => new(
        ClassName, InChannels, OutChannels, LatentChannels, DownBlockTypes, UpBlockTypes, BlockOutChannels, LayersPerBlock, ActFn, NormNumGroups, SampleSize, MidBlockAddAttention);

    /// <summary>This configuration with plain blocks of so many channels, finest first; images shrink to the half between two levels.</summary>
    /// <param name="channels">Channels of each level.</param>
    public VQModelConfig WithLevels(params int[] channels) => this with
    {
        DownBlockTypes = channels.Select(_ => "DownEncoderBlock2D").ToEquatableArray(),
        UpBlockTypes = channels.Select(_ => "UpDecoderBlock2D").ToEquatableArray(),
        BlockOutChannels = channels.ToEquatableArray(),
    };

    /// <summary>This configuration for images of so many channels, in and out.</summary>
    /// <param name="channels">C of the images <c>[N, C, H, W]</c>.</param>
    public VQModelConfig WithImageChannels(int channels) => this with { InChannels = channels, OutChannels = channels };

    /// <summary>This configuration with a codebook of another size.</summary>
    /// <param name="count">Vectors of the codebook.</param>
    /// <param name="length">Length of each; null: as many as latent channels.</param>
    public VQModelConfig WithCodebook(int count, int? length = null) => this with { NumVqEmbeddings = count, VqEmbedDim = length };

    /// <summary>This configuration for a decoder and an encoder with so many channels where they meet.</summary>
    /// <param name="channels">Channels of the encoder's output.</param>
    public VQModelConfig WithLatentChannels(int channels) => this with { LatentChannels = channels };

    /// <summary>This configuration with so many resnets in each of the encoder's blocks.</summary>
    /// <param name="layers">One less than the decoder's blocks have.</param>
    public VQModelConfig WithLayersPerBlock(int layers) => this with { LayersPerBlock = layers };

    /// <summary>This configuration with so many groups in every group norm.</summary>
    /// <param name="groups">A divisor of every level's channels.</param>
    public VQModelConfig WithNormNumGroups(int groups) => this with { NormNumGroups = groups };

    /// <summary>This configuration for square images of so many pixels on a side.</summary>
    /// <param name="size">Height and width.</param>
    public VQModelConfig WithSampleSize(int size) => this with { SampleSize = EquatableArray.Of(size) };

    /// <summary>This configuration with attention in both middle blocks, or without.</summary>
    /// <param name="attention">Whether there is any.</param>
    public VQModelConfig WithMidBlockAttention(bool attention) => this with { MidBlockAddAttention = attention };

    /// <summary>This configuration for latents that are multiplied before diffusion.</summary>
    /// <param name="scalingFactor">What they are multiplied by.</param>
    public VQModelConfig WithScaling(double scalingFactor) => this with { ScalingFactor = scalingFactor };

    /// <summary>Everything that is wrong with this configuration; empty where a model can be built from it.</summary>
    public EquatableArray<Finding> Validate() => ToLayout().Findings().Concat(new[]
    {
        ConfigChecks.AtLeastOne("num_vq_embeddings", NumVqEmbeddings),
        ConfigChecks.AtLeastOne("vq_embed_dim", VqEmbedDim ?? 1),
        ConfigChecks.Positive("scaling_factor", ScalingFactor),
        NormType == "group" ? null : Rules.UnknownChoice.Found("norm_type", NormType, "group"),
    }.OfType<Finding>()).ToEquatableArray();
}
