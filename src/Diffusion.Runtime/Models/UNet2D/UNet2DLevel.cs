using System;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;

namespace Diffusion.Runtime.Models;

/// <summary>What one block of a UNet2DModel needs to know of its place.</summary>
/// <param name="Config">The model's configuration.</param>
/// <param name="InChannels">Channels that come in; on the way up, those of the next finer level, which the last skip has.</param>
/// <param name="OutChannels">Channels of this level.</param>
/// <param name="PreviousChannels">On the way up, channels that come in from below.</param>
/// <param name="Resamples">Whether the block ends in a change of size: all but the last do.</param>
internal sealed record UNet2DLevel(UNet2DConfig Config, int InChannels, int OutChannels, int PreviousChannels, bool Resamples)
{
    /// <summary>√2, by which Skip blocks divide their residual sums.</summary>
    public static readonly double SkipScale = Math.Sqrt(2);

    /// <summary>A resnet as this configuration has them.</summary>
    public ResnetBlock2DSettings Resnet(long inChannels, Resampling resample = Resampling.None) => new(
        inChannels,
        OutChannels,
        Config.TimeConditioning ? Config.TimeEmbedDim : null,
        Config.NormNumGroups ?? 32,
        Config.NormEps,
        Config.ActFn,
        Config.Dropout,
        Config.ResnetTimeScaleShift == "scale_shift",
        Resample: resample,
        HasNorms: Config.GroupNorms);

    /// <summary>A resnet of a Skip block: its own groups and scale.</summary>
    public ResnetBlock2DSettings SkipResnet(long inChannels, Resampling resample = Resampling.None) => Resnet(inChannels, resample) with
    {
        Groups = SkipGroups(inChannels),
        GroupsOut = SkipGroups(OutChannels),
        OutputScaleFactor = SkipScale,
        ConvShortcut = resample == Resampling.None ? null : true,
    };

    /// <summary>Attention over this level's channels.</summary>
    public Attention Attention(LayerOptions options) =>
        new(OutChannels, Config.AttentionHeadDim ?? OutChannels, Config.GroupNorms ? Config.NormNumGroups ?? 32 : null, Config.NormEps, rescale: 1, options);

    /// <summary>Attention of a Skip block.</summary>
    public Attention SkipAttention(LayerOptions options) =>
        new(OutChannels, Config.AttentionHeadDim ?? OutChannels, normGroups: Config.GroupNorms ? 32 : null, Config.NormEps, SkipScale, options);

    /// <summary>What halves the size: a strided convolution, or means where nothing is learned.</summary>
    public Downsample2D Downsampler(LayerOptions options) =>
        Config.LearnedResampling ? new Downsample2D(OutChannels, Config.DownsamplePadding, options) : new Downsample2D();

    /// <summary>What doubles the size: repeated pixels, and a convolution where it is learned.</summary>
    public Upsample2D Upsampler(LayerOptions options) => Config.LearnedResampling ? new Upsample2D(OutChannels, options) : new Upsample2D();

    /// <summary>Channels that come into resnet <paramref name="layer"/> of an up block, from below and from the skip together.</summary>
    public int UpChannels(int layer) => (layer == 0 ? PreviousChannels : OutChannels) + (layer == Config.LayersPerBlock ? InChannels : OutChannels);

    /// <summary>The groups that a Skip block gives a norm of so many channels.</summary>
    public static long SkipGroups(long channels) => Math.Min(channels / 4, 32);
}
