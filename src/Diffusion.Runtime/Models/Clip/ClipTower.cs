using System;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Models;

/// <summary>What the blocks of both towers need to know.</summary>
internal sealed record ClipTower(int HiddenSize, int IntermediateSize, int Layers, int Heads, string Activation, double Epsilon, double Dropout, double Factor, bool IsCausal)
{
    /// <summary>Deviation of the first weights that come out of blocks or compare in them, smaller the deeper the tower.</summary>
    public double InnerDeviation => OuterDeviation / Math.Sqrt(2 * Layers);

    /// <summary>Deviation of the first weights of an attention's last layer.</summary>
    public double OuterDeviation => Factor / Math.Sqrt(HiddenSize);

    /// <summary>Deviation of the first weights into the wide layer.</summary>
    public double WideDeviation => Factor / Math.Sqrt(2 * HiddenSize);

    public static ClipTower Of(ClipTextConfig config) => new(
        config.HiddenSize,
        config.IntermediateSize,
        config.NumHiddenLayers,
        config.NumAttentionHeads,
        config.HiddenAct,
        config.LayerNormEps,
        config.AttentionDropout,
        config.InitializerFactor,
        IsCausal: true);

    public static ClipTower Of(ClipVisionConfig config) => new(
        config.HiddenSize,
        config.IntermediateSize,
        config.NumHiddenLayers,
        config.NumAttentionHeads,
        config.HiddenAct,
        config.LayerNormEps,
        config.AttentionDropout,
        config.InitializerFactor,
        IsCausal: false);
}
