using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>Finds text encoders and reads their configurations from shapes.</summary>
internal static class TextEncoderShapes
{
    private const int HeadChannels = 64;

    // Of OpenCLIP ViT-H/14, which Stable Diffusion 2 reads before its last block.
    private const int LayersOfH = 24;

    // Where the original layout keeps them, and whether they are OpenCLIP's.
    private static readonly (string Prefix, bool IsOpenClip)[] Places =
    [
        ("cond_stage_model.transformer.", false),
        ("cond_stage_model.model.", true),
        ("conditioner.embedders.0.transformer.", false),
        ("conditioner.embedders.0.model.", true),
        ("conditioner.embedders.1.model.", true),
    ];

    /// <summary>All text encoders of a file, the first first.</summary>
    public static IEnumerable<OriginalTextEncoder> Read(string source, IReadOnlyDictionary<string, TensorEntry> entries)
    {
        foreach (var (prefix, isOpenClip) in Places)
        {
            var shapes = new PartShapes(source, "text encoder", prefix, entries);
            if (isOpenClip && shapes.Has("token_embedding.weight"))
                yield return OpenClip(shapes, prefix);
            else if (!isOpenClip && shapes.Has("text_model.embeddings.token_embedding.weight"))
                yield return new OriginalTextEncoder(prefix, IsOpenClip: false, HasProjection: false, Clip(shapes, "text_model."));
            else if (!isOpenClip && shapes.Has("embeddings.token_embedding.weight"))
                yield return new OriginalTextEncoder(prefix, IsOpenClip: false, HasProjection: false, Clip(shapes, ""));
        }
    }

    private static ClipTextConfig Clip(PartShapes shapes, string at)
    {
        var width = shapes.Length(at + "embeddings.token_embedding.weight", 1);

        return ClipTextConfig.StableDiffusion1 with
        {
            VocabSize = shapes.Length(at + "embeddings.token_embedding.weight", 0),
            MaxPositionEmbeddings = shapes.Length(at + "embeddings.position_embedding.weight", 0),
            HiddenSize = width,
            IntermediateSize = shapes.Length(at + "encoder.layers.0.mlp.fc1.weight", 0),
            NumHiddenLayers = shapes.Count(at + "encoder.layers"),
            NumAttentionHeads = Heads(width),
        };
    }

    private static OriginalTextEncoder OpenClip(PartShapes shapes, string prefix)
    {
        var width = shapes.Length("token_embedding.weight", 1);
        var layers = shapes.Count("transformer.resblocks");

        // Stable Diffusion 2 holds the projection and does not use it.
        var hasProjection = !prefix.StartsWith("cond_stage_model.", System.StringComparison.Ordinal) && shapes.Has("text_projection");
        var usual = hasProjection ? ClipTextConfig.StableDiffusionXLSecond with { ProjectionDim = shapes.Length("text_projection", 1) } : ClipTextConfig.StableDiffusion2;
        var config = usual with
        {
            VocabSize = shapes.Length("token_embedding.weight", 0),
            MaxPositionEmbeddings = shapes.Length("positional_embedding", 0),
            HiddenSize = width,
            IntermediateSize = shapes.Length("transformer.resblocks.0.mlp.c_fc.weight", 0),
            NumHiddenLayers = layers == LayersOfH && !hasProjection ? layers - 1 : layers,
            NumAttentionHeads = Heads(width),
        };

        return new OriginalTextEncoder(prefix, IsOpenClip: true, hasProjection, config);
    }

    private static int Heads(int width) => width % HeadChannels == 0 ? width / HeadChannels : (int)BigInteger.GreatestCommonDivisor(8, width);
}
