using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;

namespace Diffusion.Runtime.Models;

/// <summary>What one block of a UNet2DConditionModel needs to know of its place.</summary>
/// <param name="Config">The model's configuration.</param>
/// <param name="Index">The level, counted from the finest.</param>
/// <param name="InChannels">Channels that come in; on the way up, those of the next finer level, which the last skip has.</param>
/// <param name="OutChannels">Channels of this level.</param>
/// <param name="PreviousChannels">On the way up, channels that come in from below.</param>
internal sealed record UNet2DConditionLevel(UNet2DConditionConfig Config, int Index, int InChannels, int OutChannels, int PreviousChannels)
{
    /// <summary>The number of resnets on the way down; one more on the way up.</summary>
    public int Layers => UNet2DConditionConfig.At(Config.LayersPerBlock, Index);

    /// <summary>A resnet of this configuration.</summary>
    public ResnetBlock2DSettings Resnet(long inChannels) => new(
        inChannels,
        OutChannels,
        Config.TimeEmbedDim,
        Config.NormNumGroups,
        Config.NormEps,
        Config.ActFn,
        Config.Dropout,
        Config.ResnetTimeScaleShift == "scale_shift");

    /// <summary>A transformer of this level.</summary>
    public Transformer2DModel Transformer(LayerOptions options) => new(
        new Transformer2DSettings(
            OutChannels,
            Config.Heads(Index),
            UNet2DConditionConfig.At(Config.TransformerLayersPerBlock, Index),
            UNet2DConditionConfig.At(Config.CrossAttentionDim, Index),
            Config.NormNumGroups,
            Config.UseLinearProjection,
            UNet2DConditionConfig.At(Config.OnlyCrossAttention, Index) != 0,
            Config.UpcastAttention,
            Config.Dropout),
        options);

    /// <summary>Channels that come into resnet <paramref name="layer"/> of an up block, from below and from the skip together.</summary>
    public int UpChannels(int layer) => (layer == 0 ? PreviousChannels : OutChannels) + (layer == Layers ? InChannels : OutChannels);

    /// <summary>The levels of a configuration on the way down, finest first.</summary>
    public static UNet2DConditionLevel[] Down(UNet2DConditionConfig config)
    {
        var channels = config.BlockOutChannels;

        return [.. Enumerable.Range(0, channels.Count).Select(i => new UNet2DConditionLevel(config, i, i == 0 ? channels[0] : channels[i - 1], channels[i], 0))];
    }

    /// <summary>The levels of a configuration on the way up, coarsest first.</summary>
    public static UNet2DConditionLevel[] Up(UNet2DConditionConfig config)
    {
        var channels = config.BlockOutChannels;
        var last = channels.Count - 1;

        return [.. Enumerable.Range(0, channels.Count).Select(i => last - i).Select(i =>
            new UNet2DConditionLevel(config, i, i == 0 ? channels[0] : channels[i - 1], channels[i], i == last ? channels[last] : channels[i + 1]))];
    }
}
