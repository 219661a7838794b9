using Diffusion.Dsl;

namespace Diffusion.Tests.Models.Clip;

/// <summary>The smallest towers that tests run and train.</summary>
internal static class TinyClip
{
    public static ClipTextConfig Text { get; } = new(
        VocabSize: 40,
        HiddenSize: 16,
        IntermediateSize: 24,
        ProjectionDim: 8,
        NumHiddenLayers: 2,
        NumAttentionHeads: 2,
        MaxPositionEmbeddings: 7,
        EosTokenId: 39);

    public static ClipVisionConfig Vision { get; } = new(
        HiddenSize: 16,
        IntermediateSize: 24,
        ProjectionDim: 8,
        NumHiddenLayers: 2,
        NumAttentionHeads: 2,
        ImageSize: 8,
        PatchSize: 4);

    public static ClipConfig Whole { get; } = new(Text, Vision, ProjectionDim: 8);
}
