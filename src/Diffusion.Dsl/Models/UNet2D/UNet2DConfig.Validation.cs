using System;
using System.Collections.Generic;
using System.Linq;
using static Diffusion.Dsl.ConfigChecks;

namespace Diffusion.Dsl;

public sealed partial record UNet2DConfig
{
    /// <summary>Everything that is wrong with this configuration, in the order of its members; empty where a model can be built from it.</summary>
    public EquatableArray<Finding> Validate() =>
        Lists().Concat(Choices()).Concat(Ranges()).Concat(Norms()).Concat(SkipNorms()).Concat(Conditioning()).Concat(Ablations()).ToEquatableArray();

    private IEnumerable<Finding> Lists()
    {
        for (var i = 0; i < DownBlockTypes.Count; i++)
        {
            if (!UNet2DBlockTypes.Down.Contains(UNet2DBlockTypes.Normalize(DownBlockTypes[i])))
                yield return Rules.UnknownBlockType.Found($"down_block_types[{i}]", DownBlockTypes[i], ClassName, string.Join(", ", UNet2DBlockTypes.Down));
        }

        for (var i = 0; i < UpBlockTypes.Count; i++)
        {
            if (!UNet2DBlockTypes.Up.Contains(UNet2DBlockTypes.Normalize(UpBlockTypes[i])))
                yield return Rules.UnknownBlockType.Found($"up_block_types[{i}]", UpBlockTypes[i], ClassName, string.Join(", ", UNet2DBlockTypes.Up));
        }

        if (DownBlockTypes.Count != BlockOutChannels.Count)
            yield return Rules.ListLengthsDiffer.Found("down_block_types", DownBlockTypes.Count, "block_out_channels", BlockOutChannels.Count);
        if (UpBlockTypes.Count != BlockOutChannels.Count)
            yield return Rules.ListLengthsDiffer.Found("up_block_types", UpBlockTypes.Count, "block_out_channels", BlockOutChannels.Count);
    }

    private IEnumerable<Finding> Choices() => new[]
    {
        Choice("time_embedding_type", TimeEmbeddingType, "positional", "fourier", "learned"),
        Choice("downsample_type", DownsampleType, "conv", "resnet"),
        Choice("upsample_type", UpsampleType, "conv", "resnet"),
        Activation(ActFn),
        Choice("resnet_time_scale_shift", ResnetTimeScaleShift, "default", "scale_shift"),
        ClassEmbedType is null ? null : Choice("class_embed_type", ClassEmbedType, "timestep", "identity"),
    }.OfType<Finding>();

    private IEnumerable<Finding> Ranges() => Size("sample_size", SampleSize).Concat(new[]
    {
        AtLeastOne("in_channels", InChannels),
        AtLeastOne("out_channels", OutChannels),
        AtLeastOne("layers_per_block", LayersPerBlock),
        AtLeastOne("attention_head_dim", AttentionHeadDim ?? 1),
        AtLeastOne("norm_num_groups", NormNumGroups ?? 1),
        AtLeastOne("attn_norm_num_groups", AttnNormNumGroups ?? 1),
        AtLeastOne("num_class_embeds", NumClassEmbeds ?? 1),
        AtLeastOne("num_train_timesteps", NumTrainTimesteps ?? 1),
        DownsamplePadding is 0 or 1 ? null : Rules.ConfigOutOfRange.Found("downsample_padding", DownsamplePadding, "0 or 1"),
        ConfigChecks.Dropout("dropout", Dropout),
        Epsilon("norm_eps", NormEps),
        Positive("mid_block_scale_factor", MidBlockScaleFactor),
    }).OfType<Finding>().Concat(BlockOutChannels.Select((channels, i) => AtLeastOne($"block_out_channels[{i}]", channels)).OfType<Finding>());

    private IEnumerable<Finding> Norms()
    {
        for (var i = 0; i < Math.Min(BlockOutChannels.Count, Math.Min(DownBlockTypes.Count, UpBlockTypes.Count)); i++)
        {
            var channels = BlockOutChannels[i];
            var down = DownBlockTypes[i];
            var up = UpBlockTypes[UpBlockTypes.Count - 1 - i];
            if (channels < 1)
                continue;

            if (NormNumGroups is >= 1 and var groups && channels % groups != 0)
                yield return Rules.GroupsDoNotDivide.Found("norm_num_groups", groups, $"block_out_channels[{i}]", channels);
            if (NormNumGroups is null && !(IsSkip(down) && IsSkip(up)))
                yield return Rules.ConfigNeeds.Found("norm_num_groups", "null", $"level {i}", down + " and " + up, "only Skip blocks choose their own groups, so give a number such as 32");
            if ((HasAttention(down) || HasAttention(up)) && AttentionHeadDim > channels)
                yield return Rules.ConfigOutOfRange.Found("attention_head_dim", AttentionHeadDim, $"at most the {channels} channels of level {i}");
            if (IsSkip(down) && InChannels != 3)
                yield return Rules.ConfigNeeds.Found($"down_block_types[{i}]", down, "in_channels", InChannels, "Skip blocks carry an image of 3 channels along, so set it to 3");
            if (IsSkip(up) && OutChannels != 3)
                yield return Rules.ConfigNeeds.Found($"up_block_types[{UpBlockTypes.Count - 1 - i}]", up, "out_channels", OutChannels, "Skip blocks add up an image of 3 channels, so set it to 3");
        }

        if (AddAttention && BlockOutChannels.Count > 0)
        {
            var last = BlockOutChannels[BlockOutChannels.Count - 1];
            if (AttnNormNumGroups is >= 1 and var groups && last % groups != 0)
                yield return Rules.GroupsDoNotDivide.Found("attn_norm_num_groups", groups, $"block_out_channels[{BlockOutChannels.Count - 1}]", last);
        }
    }

    // Skip blocks choose their groups: a quarter of the channels, at most 32; their attention always has 32.
    private IEnumerable<Finding> SkipNorms()
    {
        if (!Lists().Any() && BlockOutChannels.All(channels => channels >= 1))
        {
            foreach (var (block, channels) in SkipNormChannels())
            {
                var groups = Math.Min(channels / 4, 32);
                if (groups == 0 || channels % groups != 0)
                    yield return Rules.ConfigOutOfRange.Found($"the number of channels that {block} normalises", channels, "block_out_channels whose sums are multiples of 128, or of 4 below that");
            }

            for (var i = 0; i < BlockOutChannels.Count; i++)
            {
                if ((DownBlockTypes[i].Contains("AttnSkip") || UpBlockTypes[UpBlockTypes.Count - 1 - i].Contains("AttnSkip")) && BlockOutChannels[i] % 32 != 0)
                    yield return Rules.GroupsDoNotDivide.Found("the number of groups of AttnSkip blocks", 32, $"block_out_channels[{i}]", BlockOutChannels[i]);
            }
        }
    }

    private IEnumerable<(string Block, int Channels)> SkipNormChannels()
    {
        var levels = BlockOutChannels.Count;
        for (var i = 0; i < levels; i++)
        {
            var channels = BlockOutChannels[i];
            var up = levels - 1 - i;
            if (IsSkip(DownBlockTypes[i]))
            {
                yield return ($"down_block_types[{i}]", BlockOutChannels[Math.Max(i - 1, 0)]);
                yield return ($"down_block_types[{i}]", channels);
            }

            if (IsSkip(UpBlockTypes[up]))
            {
                yield return ($"up_block_types[{up}]", BlockOutChannels[Math.Min(i + 1, levels - 1)] + channels);
                yield return ($"up_block_types[{up}]", channels + channels);
                yield return ($"up_block_types[{up}]", channels + BlockOutChannels[Math.Max(i - 1, 0)]);
                yield return ($"up_block_types[{up}]", channels);
            }
        }
    }

    private IEnumerable<Finding> Conditioning()
    {
        if (TimeEmbeddingType == "learned" && NumTrainTimesteps is null)
            yield return Rules.ConfigNeeds.Found("time_embedding_type", "learned", "num_train_timesteps", "null", "give the number of timesteps of the table");
        if (TimeEmbeddingType == "positional" && BlockOutChannels.Count > 0 && BlockOutChannels[0] / 2 <= FreqShift && BlockOutChannels[0] > 0)
            yield return Rules.ConfigOutOfRange.Found("freq_shift", FreqShift, $"less than the {BlockOutChannels[0] / 2} frequencies that block_out_channels[0] gives");
    }

    private static bool IsSkip(string block) => block.Contains("Skip");

    private static bool HasAttention(string block) => block.Contains("Attn");
}
