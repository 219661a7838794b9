using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// The configuration of an AutoencoderKL, the variational autoencoder between images and the latents of Stable Diffusion (arXiv:2112.10752):
/// everything its config.json holds, under the same names, with the defaults of diffusers 0.30.3. Levels are counted from the finest.
/// </summary>
/// <param name="InChannels">Channels C of the images <c>[N, C, H, W]</c>.</param>
/// <param name="OutChannels">Channels of the decoded images.</param>
/// <param name="DownBlockTypes">The encoder's block of each level, of <see cref="AutoencoderBlockTypes.Down"/>.</param>
/// <param name="UpBlockTypes">The decoder's block of each level, coarsest first, of <see cref="AutoencoderBlockTypes.Up"/>.</param>
/// <param name="BlockOutChannels">Channels of each level.</param>
/// <param name="LayersPerBlock">Resnets of each of the encoder's blocks; the decoder's have one more.</param>
/// <param name="ActFn">The activation: <c>silu</c> (also written <c>swish</c>), <c>mish</c>, <c>gelu</c> or <c>relu</c>.</param>
/// <param name="LatentChannels">Channels of the latents <c>[N, C, H / factor, W / factor]</c>.</param>
/// <param name="NormNumGroups">Groups of every group norm.</param>
/// <param name="SampleSize">Height and width of the training images: one number for a square, else both. Tiles have this size.</param>
/// <param name="ScalingFactor">Latents are multiplied by it before diffusion, so that they have about unit variance.</param>
/// <param name="ShiftFactor">Subtracted from latents before they are multiplied; null for nothing.</param>
/// <param name="LatentsMean">The mean of each latent channel, subtracted before diffusion; empty where unknown.</param>
/// <param name="LatentsStd">The standard deviation of each latent channel, divided by before diffusion; empty where unknown.</param>
/// <param name="ForceUpcast">Whether the network overflows in float16 and has to run in float32 when the rest runs in float16.</param>
/// <param name="UseQuantConv">Whether a 1 by 1 convolution follows the encoder.</param>
/// <param name="UsePostQuantConv">Whether a 1 by 1 convolution comes before the decoder.</param>
/// <param name="MidBlockAddAttention">Whether both middle blocks have attention.</param>
/// <param name="Unknown">Members of the file that this version does not know; kept and written back.</param>
public sealed partial record AutoencoderKLConfig(
    int InChannels = 3,
    int OutChannels = 3,
    EquatableArray<string> DownBlockTypes = default,
    EquatableArray<string> UpBlockTypes = default,
    EquatableArray<int> BlockOutChannels = default,
    int LayersPerBlock = 1,
    string ActFn = "silu",
    int LatentChannels = 4,
    int NormNumGroups = 32,
    EquatableArray<int> SampleSize = default,
    double ScalingFactor = 0.18215,
    double? ShiftFactor = null,
    EquatableArray<double> LatentsMean = default,
    EquatableArray<double> LatentsStd = default,
    bool ForceUpcast = true,
    bool UseQuantConv = true,
    bool UsePostQuantConv = true,
    bool MidBlockAddAttention = true,
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

    /// <summary>The autoencoder of Stable Diffusion 1 and 2: factor 8, 4 latent channels, 83,653,863 parameters.</summary>
    public static AutoencoderKLConfig Sd { get; } = new AutoencoderKLConfig(LayersPerBlock: 2, SampleSize: EquatableArray.Of(512)).WithLevels(128, 256, 512, 512);

    /// <summary>The autoencoder of Stable Diffusion XL: the same network, trained anew, with another scaling factor; it overflows in float16.</summary>
    public static AutoencoderKLConfig Sdxl { get; } = Sd with { SampleSize = EquatableArray.Of(1024), ScalingFactor = 0.13025, ForceUpcast = true };

    /// <summary>By how much images shrink on each side: 2 to the number of levels less 1.</summary>
    public int Factor => ToLayout().Factor;

    /// <summary>What the encoder and the decoder are made of.</summary>
    public AutoencoderLayout ToLayout() => new(
        ClassName, InChannels, OutChannels, LatentChannels, DownBlockTypes, UpBlockTypes, BlockOutChannels, LayersPerBlock, ActFn, NormNumGroups, SampleSize, MidBlockAddAttention);

    /// <summary>This configuration with plain blocks of so many channels, finest first; images shrink to the half between two levels.</summary>
    /// <param name="channels">Channels of each level.</param>
    public AutoencoderKLConfig WithLevels(params int[] channels) => this with
    {
        DownBlockTypes = channels.Select(_ => "DownEncoderBlock2D").ToEquatableArray(),
        UpBlockTypes = channels.Select(_ => "UpDecoderBlock2D").ToEquatableArray(),
        BlockOutChannels = channels.ToEquatableArray(),
    };

    /// <summary>This configuration for images of so many channels, in and out.</summary>
    /// <param name="channels">C of the images <c>[N, C, H, W]</c>.</param>
    public AutoencoderKLConfig WithImageChannels(int channels) => this with { InChannels = channels, OutChannels = channels };

    /// <summary>This configuration for latents of so many channels.</summary>
    /// <param name="channels">C of the latents <c>[N, C, h, w]</c>.</param>
    public AutoencoderKLConfig WithLatentChannels(int channels) => this with { LatentChannels = channels };

    /// <summary>This configuration with so many resnets in each of the encoder's blocks.</summary>
    /// <param name="layers">One less than the decoder's blocks have.</param>
    public AutoencoderKLConfig WithLayersPerBlock(int layers) => this with { LayersPerBlock = layers };

    /// <summary>This configuration with so many groups in every group norm.</summary>
    /// <param name="groups">A divisor of every level's channels.</param>
    public AutoencoderKLConfig WithNormNumGroups(int groups) => this with { NormNumGroups = groups };

    /// <summary>This configuration for square images of so many pixels on a side.</summary>
    /// <param name="size">Height and width.</param>
    public AutoencoderKLConfig WithSampleSize(int size) => this with { SampleSize = EquatableArray.Of(size) };

    /// <summary>This configuration with attention in both middle blocks, or without.</summary>
    /// <param name="attention">Whether there is any.</param>
    public AutoencoderKLConfig WithMidBlockAttention(bool attention) => this with { MidBlockAddAttention = attention };

    /// <summary>This configuration with the 1 by 1 convolutions around the latents, or without.</summary>
    /// <param name="quantConvs">Whether there are both, or none.</param>
    public AutoencoderKLConfig WithQuantConvs(bool quantConvs) => this with { UseQuantConv = quantConvs, UsePostQuantConv = quantConvs };

    /// <summary>This configuration for latents that are shifted, then multiplied before diffusion.</summary>
    /// <param name="scalingFactor">What they are multiplied by: 1 / their standard deviation.</param>
    /// <param name="shiftFactor">What is subtracted first; null for nothing.</param>
    public AutoencoderKLConfig WithScaling(double scalingFactor, double? shiftFactor = null) => this with { ScalingFactor = scalingFactor, ShiftFactor = shiftFactor };

    /// <summary>This configuration with the mean and the deviation of each latent channel.</summary>
    /// <param name="mean">One number for each channel.</param>
    /// <param name="std">One number for each channel.</param>
    public AutoencoderKLConfig WithLatentStatistics(EquatableArray<double> mean, EquatableArray<double> std) => this with { LatentsMean = mean, LatentsStd = std };
}
