using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>Reads a U-Net's configuration from the shapes of its tensors. What shapes cannot say has the value of the published models.</summary>
internal static class UNetShapes
{
    private const int HeadChannels = 64;
    private const int Heads = 8;
    private const int MostGroups = 32;
    private const int SizeFrequencies = 256;

    // What SDXL and its refiner read of texts; their labels are sizes.
    private static readonly int[] SdxlTexts = [2048, 1280];

    /// <summary>One level.</summary>
    /// <param name="Channels">Its channels.</param>
    /// <param name="Layers">Its resnets on the way down.</param>
    /// <param name="Transformer">The name of its first transformer, or null.</param>
    private sealed record Level(int Channels, int Layers, string? Transformer);

    /// <summary>The configuration.</summary>
    /// <param name="shapes">The tensors.</param>
    /// <param name="isSdxl">Whether the rest of the file is SDXL's or its refiner's.</param>
    /// <exception cref="DiffusionException">DIF0527, DIF0528: a tensor is missing or has an impossible shape.</exception>
    public static UNet2DConditionConfig Read(PartShapes shapes, bool isSdxl)
    {
        var levels = Levels(shapes);
        var channels = levels.Select(level => level.Channels).ToArray();
        var first = levels.Select(level => level.Transformer).OfType<string>().Append("middle_block.1").First();
        var attends = shapes.HasModule(first + ".transformer_blocks");
        var isLinear = attends && shapes.Rank(first + ".proj_in.weight") == 2;
        var blind = levels.Select(level => IsBlind(shapes, level) ? 1 : 0).ToArray();
        var texts = Uniform(Attending(shapes, levels, name => shapes.Length(name + ".transformer_blocks.0.attn2.to_k.weight", 1)), 1280);
        var time = shapes.Length("time_embed.0.weight", 0);
        var labels = shapes.HasModule("label_emb.0.0") ? shapes.Length("label_emb.0.0.weight", 1) : (int?)null;
        var isSized = labels is not null && (isSdxl || (texts.Count == 1 && SdxlTexts.Contains(texts[0])));

        return new UNet2DConditionConfig(
            InChannels: shapes.Length("input_blocks.0.0.weight", 1),
            OutChannels: shapes.Length("out.2.weight", 0),
            DownBlockTypes: levels.Select(level => level.Transformer is null ? "DownBlock2D" : "CrossAttnDownBlock2D").ToEquatableArray(),
            MidBlockType: shapes.HasModule("middle_block.1.transformer_blocks") ? "UNetMidBlock2DCrossAttn" : shapes.HasModule("middle_block") ? "UNetMidBlock2D" : null,
            UpBlockTypes: levels.Reverse().Select(level => level.Transformer is null ? "UpBlock2D" : "CrossAttnUpBlock2D").ToEquatableArray(),
            OnlyCrossAttention: blind.Contains(1) ? blind.ToEquatableArray() : default,
            BlockOutChannels: channels.ToEquatableArray(),
            LayersPerBlock: Uniform(levels.Select(level => (int?)level.Layers), 2),
            NormNumGroups: channels.Aggregate(MostGroups, Divisor),
            CrossAttentionDim: texts,
            TransformerLayersPerBlock: Uniform(Attending(shapes, levels, name => shapes.Count(name + ".transformer_blocks")), 1),
            AttentionHeadDim: HeadsOf(channels, isLinear && !blind.Contains(1)),
            UseLinearProjection: isLinear,
            ClassEmbedType: labels is not null && !isSized ? "projection" : null,
            AdditionEmbedType: isSized ? "text_time" : null,
            AdditionTimeEmbedDim: isSized ? SizeFrequencies : null,
            NumClassEmbeds: shapes.Has("label_emb.weight") ? shapes.Length("label_emb.weight", 0) : null,
            ResnetTimeScaleShift: shapes.Length("input_blocks.1.0.emb_layers.1.weight", 0) == 2 * channels[0] ? "scale_shift" : "default",
            TimeEmbeddingDim: time == 4 * channels[0] ? null : time,
            ConvInKernel: shapes.Length("input_blocks.0.0.weight", 3),
            ConvOutKernel: shapes.Length("out.2.weight", 3),
            ProjectionClassEmbeddingsInputDim: labels);
    }

    // Blocks stand in one row: resnets, each with a transformer or without, and a strided convolution behind each level but the last.
    private static Level[] Levels(PartShapes shapes)
    {
        var levels = new List<Level>();
        var resnets = 0;
        for (var block = 1; shapes.HasModule($"input_blocks.{block}"); block++)
        {
            if (shapes.HasModule($"input_blocks.{block}.0.op"))
                resnets = 0;
            else if (resnets++ == 0)
                levels.Add(new Level(shapes.Length($"input_blocks.{block}.0.in_layers.2.weight", 0), 1, shapes.HasModule($"input_blocks.{block}.1.transformer_blocks") ? $"input_blocks.{block}.1" : null));
            else
                levels[^1] = levels[^1] with { Layers = resnets };
        }

        _ = levels.Count > 0 ? 0 : shapes.Length("input_blocks.1.0.in_layers.2.weight", 0); // says that it is missing

        return [.. levels];
    }

    // Of each level that has a transformer; the coarsest may have its only one in the middle.
    private static IEnumerable<int?> Attending(PartShapes shapes, Level[] levels, Func<string, int> read) => levels.Select((level, i) =>
    {
        var name = level.Transformer ?? (i == levels.Length - 1 && shapes.HasModule("middle_block.1.transformer_blocks") ? "middle_block.1" : null);

        return name is null ? (int?)null : read(name);
    });

    // Its first attention reads the text too, which shows where texts and features differ in width.
    private static bool IsBlind(PartShapes shapes, Level level) =>
        level.Transformer is { } name && shapes.Length(name + ".transformer_blocks.0.attn1.to_k.weight", 1) != level.Channels;

    /// <summary>One number for all levels where those that have one agree, else one for each.</summary>
    private static EquatableArray<int> Uniform(IEnumerable<int?> numbers, int otherwise)
    {
        var list = numbers.ToArray();
        var known = list.OfType<int>().Distinct().ToArray();

        return known.Length switch
        {
            0 => EquatableArray.Of(otherwise),
            1 => EquatableArray.Of(known[0]),
            _ => list.Select(number => number ?? 1).ToEquatableArray(),
        };
    }

    private static EquatableArray<int> HeadsOf(int[] channels, bool areOfOneWidth) => areOfOneWidth && channels.All(count => count % HeadChannels == 0)
        ? channels.Select(count => count / HeadChannels).ToEquatableArray()
        : EquatableArray.Of(channels.Aggregate(Heads, Divisor));

    private static int Divisor(int a, int b) => (int)BigInteger.GreatestCommonDivisor(a, b);
}
