using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>What an encoder and its decoder are made of, whatever is done to the latents between them.</summary>
/// <param name="ClassName">The model's class, for messages.</param>
/// <param name="InChannels">Channels of the images that come in.</param>
/// <param name="OutChannels">Channels of the images that come out.</param>
/// <param name="LatentChannels">Channels of the latents.</param>
/// <param name="DownBlockTypes">The encoder's block of each level, finest first, of <see cref="AutoencoderBlockTypes.Down"/>.</param>
/// <param name="UpBlockTypes">The decoder's block of each level, coarsest first, of <see cref="AutoencoderBlockTypes.Up"/>.</param>
/// <param name="BlockOutChannels">Channels of each level, finest first.</param>
/// <param name="LayersPerBlock">Resnets of each of the encoder's blocks; the decoder's have one more.</param>
/// <param name="ActFn">The activation of the resnets.</param>
/// <param name="NormNumGroups">Groups of every group norm.</param>
/// <param name="SampleSize">Height and width of the training images: one number for a square, else both.</param>
/// <param name="MidBlockAddAttention">Whether both middle blocks have attention.</param>
public sealed record AutoencoderLayout(
    string ClassName,
    int InChannels,
    int OutChannels,
    int LatentChannels,
    EquatableArray<string> DownBlockTypes,
    EquatableArray<string> UpBlockTypes,
    EquatableArray<int> BlockOutChannels,
    int LayersPerBlock,
    string ActFn,
    int NormNumGroups,
    EquatableArray<int> SampleSize,
    bool MidBlockAddAttention)
{
    /// <summary>By how much images shrink on each side: 2 to the number of levels less 1.</summary>
    public int Factor => 1 << (BlockOutChannels.Count - 1);

    /// <summary>Everything that is wrong with it, in the order of a config.json's members.</summary>
    internal IEnumerable<Finding> Findings() => Lists().Concat(Numbers()).Concat(Norms());

    private IEnumerable<Finding> Lists()
    {
        foreach (var (list, blocks, known) in new[] { ("down_block_types", DownBlockTypes, AutoencoderBlockTypes.Down), ("up_block_types", UpBlockTypes, AutoencoderBlockTypes.Up) })
        {
            for (var i = 0; i < blocks.Count; i++)
            {
                if (!known.Contains(blocks[i]))
                    yield return Rules.UnknownBlockType.Found($"{list}[{i}]", blocks[i], ClassName, string.Join(", ", known));
            }

            if (blocks.Count != BlockOutChannels.Count)
                yield return Rules.ListLengthsDiffer.Found(list, blocks.Count, "block_out_channels", BlockOutChannels.Count);
        }

        if (ConfigChecks.Activation(ActFn) is { } activation)
            yield return activation;
    }

    private IEnumerable<Finding> Numbers() => ConfigChecks.Size("sample_size", SampleSize).Concat(new[]
    {
        BlockOutChannels.Count > 16 ? Rules.ConfigOutOfRange.Found("the number of entries of block_out_channels", BlockOutChannels.Count, "at most 16 levels, for each halves the image") : null,
        ConfigChecks.AtLeastOne("in_channels", InChannels),
        ConfigChecks.AtLeastOne("out_channels", OutChannels),
        ConfigChecks.AtLeastOne("latent_channels", LatentChannels),
        ConfigChecks.AtLeastOne("layers_per_block", LayersPerBlock),
        ConfigChecks.AtLeastOne("norm_num_groups", NormNumGroups),
    }).Concat(BlockOutChannels.Select((channels, i) => ConfigChecks.AtLeastOne($"block_out_channels[{i}]", channels))).OfType<Finding>();

    private IEnumerable<Finding> Norms() => BlockOutChannels
        .Select((channels, i) => NormNumGroups >= 1 && channels >= 1 && channels % NormNumGroups != 0 ? Rules.GroupsDoNotDivide.Found("norm_num_groups", NormNumGroups, $"block_out_channels[{i}]", channels) : null)
        .OfType<Finding>();
}
