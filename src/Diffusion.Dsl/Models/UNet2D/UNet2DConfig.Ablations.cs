using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

public sealed partial record UNet2DConfig
{
    /// <summary>Whether there are group norms. This library's own: written to config.json as <c>group_norms</c> only where false, for diffusers knows no such model.</summary>
    public bool GroupNorms { get; init; } = true;

    /// <summary>Whether resnets are told the timestep. This library's own: written to config.json as <c>time_conditioning</c> only where false.</summary>
    public bool TimeConditioning { get; init; } = true;

    /// <summary>Whether convolutions halve and double the size, or means of squares and repeated pixels. This library's own: written to config.json as <c>learned_resampling</c> only where false.</summary>
    public bool LearnedResampling { get; init; } = true;

    /// <summary>This configuration with group norms or without.</summary>
    /// <param name="groupNorms">Whether there are any.</param>
    public UNet2DConfig WithGroupNorms(bool groupNorms) => this with { GroupNorms = groupNorms };

    /// <summary>This configuration with a timestep or without.</summary>
    /// <param name="timeConditioning">Whether resnets are told.</param>
    public UNet2DConfig WithTimeConditioning(bool timeConditioning) => this with { TimeConditioning = timeConditioning };

    /// <summary>This configuration with convolutions that resample or without.</summary>
    /// <param name="learnedResampling">Whether there are any.</param>
    public UNet2DConfig WithLearnedResampling(bool learnedResampling) => this with { LearnedResampling = learnedResampling };

    /// <summary>This configuration without one of the improvements over the course's first network; by diffusers' own members where they can say it.</summary>
    /// <param name="ablation">What is left out.</param>
    public UNet2DConfig Without(Ablation ablation) => ablation switch
    {
        Ablation.GroupNorm => WithGroupNorms(false),
        Ablation.Dropout => this with { Dropout = 0 },
        Ablation.SeveralResnets => this with { LayersPerBlock = 1 },
        Ablation.Attention => this with
        {
            DownBlockTypes = DownBlockTypes.Select(Plain).ToEquatableArray(),
            UpBlockTypes = UpBlockTypes.Select(Plain).ToEquatableArray(),
            AddAttention = false,
        },
        Ablation.TimeConditioning => WithTimeConditioning(false),
        Ablation.LearnedResampling => WithLearnedResampling(false),
        _ => throw new ArgumentOutOfRangeException(nameof(ablation)),
    };

    private static string Plain(string block) => block.Replace("Attn", "");

    private IEnumerable<JsonMember> OwnMembers()
    {
        if (!GroupNorms)
            yield return new("group_norms", JsonValue.False);
        if (!TimeConditioning)
            yield return new("time_conditioning", JsonValue.False);
        if (!LearnedResampling)
            yield return new("learned_resampling", JsonValue.False);
    }

    private IEnumerable<Finding> Ablations()
    {
        if (!TimeConditioning && (ClassEmbedType is not null || NumClassEmbeds is not null))
            yield return Rules.ConfigNeeds.Found("time_conditioning", "false", ClassEmbedType is null ? "num_class_embeds" : "class_embed_type", ClassEmbedType ?? Text.Of(NumClassEmbeds), "classes are added to the time embedding, so leave one of the two out");

        if (LearnedResampling)
            yield break;

        foreach (var (list, blocks) in new[] { ("down_block_types", DownBlockTypes), ("up_block_types", UpBlockTypes) })
        {
            for (var i = 0; i < blocks.Count; i++)
            {
                if (blocks[i].Contains("Resnet") || IsSkip(blocks[i]))
                    yield return Rules.ConfigNeeds.Found("learned_resampling", "false", $"{list}[{i}]", blocks[i], "a resnet of that block changes the size, so choose blocks without Resnet and Skip in their names");
            }
        }
    }
}
