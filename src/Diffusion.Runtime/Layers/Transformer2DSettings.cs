namespace Diffusion.Runtime.Layers;

/// <summary>Everything a <see cref="Transformer2DModel"/> can be asked to be.</summary>
/// <param name="Channels">C of the features <c>[N, C, H, W]</c>.</param>
/// <param name="Heads">The number of attention heads; divides C.</param>
/// <param name="Layers">The number of transformer blocks.</param>
/// <param name="TextWidth">D of the text vectors <c>[N, L, D]</c>.</param>
/// <param name="NormGroups">Groups of the norm before the blocks.</param>
/// <param name="LinearProjection">Whether tokens are projected by linear layers instead of 1 by 1 convolutions.</param>
/// <param name="OnlyCrossAttention">Whether the first attention of each block looks at the text too.</param>
/// <param name="Upcasts">Whether attention is computed in float32 whatever the parameters' type.</param>
/// <param name="Dropout">Probability of dropping an activation in training.</param>
public sealed record Transformer2DSettings(
    long Channels,
    long Heads,
    int Layers,
    long TextWidth,
    long NormGroups = 32,
    bool LinearProjection = false,
    bool OnlyCrossAttention = false,
    bool Upcasts = false,
    double Dropout = 0);
