using System.Collections.Generic;
using System.Linq;
using static Diffusion.Dsl.ConfigChecks;

namespace Diffusion.Dsl;

public sealed partial record UNet2DConditionConfig
{
    /// <summary>Everything that is wrong with this configuration, in the order of its members; empty where a model can be built from it.</summary>
    public EquatableArray<Finding> Validate() => Blocks().Concat(Lists()).Concat(Choices()).Concat(Ranges()).Concat(Heads()).Concat(Conditioning()).ToEquatableArray();

    private IEnumerable<Finding> Blocks()
    {
        var known = new[] { ("down_block_types", DownBlockTypes, UNet2DConditionBlockTypes.Down), ("up_block_types", UpBlockTypes, UNet2DConditionBlockTypes.Up) };
        foreach (var (name, list, allowed) in known)
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (!allowed.Contains(list[i]))
                    yield return Rules.UnknownBlockType.Found($"{name}[{i}]", list[i], ClassName, string.Join(", ", allowed));
            }
        }

        if (MidBlockType is not null && !UNet2DConditionBlockTypes.Mid.Contains(MidBlockType))
            yield return Rules.UnknownBlockType.Found("mid_block_type", MidBlockType, ClassName, string.Join(", ", UNet2DConditionBlockTypes.Mid) + ", null");
        if (DownBlockTypes.Count != BlockOutChannels.Count)
            yield return Rules.ListLengthsDiffer.Found("down_block_types", DownBlockTypes.Count, "block_out_channels", BlockOutChannels.Count);
        if (UpBlockTypes.Count != BlockOutChannels.Count)
            yield return Rules.ListLengthsDiffer.Found("up_block_types", UpBlockTypes.Count, "block_out_channels", BlockOutChannels.Count);
    }

    private IEnumerable<Finding> Lists()
    {
        foreach (var (name, list) in new[]
        {
            ("only_cross_attention", OnlyCrossAttention),
            ("layers_per_block", LayersPerBlock),
            ("cross_attention_dim", CrossAttentionDim),
            ("transformer_layers_per_block", TransformerLayersPerBlock),
            ("attention_head_dim", AttentionHeadDim),
            ("num_attention_heads", NumAttentionHeads),
        })
        {
            if (list.Count > 1 && list.Count != BlockOutChannels.Count)
                yield return Rules.ListLengthsDiffer.Found(name, list.Count, "block_out_channels", BlockOutChannels.Count);
            for (var i = 0; i < list.Count; i++)
            {
                if (list[i] < 1 && name != "only_cross_attention")
                    yield return Rules.ConfigOutOfRange.Found($"{name}[{i}]", list[i], "1 or more");
            }
        }
    }

    private IEnumerable<Finding> Choices() => new[]
    {
        Activation(ActFn),
        Choice("resnet_time_scale_shift", ResnetTimeScaleShift, "default", "scale_shift"),
        ClassEmbedType is null ? null : Choice("class_embed_type", ClassEmbedType, "timestep", "projection", "identity"),
        AdditionEmbedType is null ? null : Choice("addition_embed_type", AdditionEmbedType, "text_time"),
    }.OfType<Finding>();

    private IEnumerable<Finding> Ranges() => Size("sample_size", SampleSize).Concat(new[]
    {
        AtLeastOne("in_channels", InChannels),
        AtLeastOne("out_channels", OutChannels),
        AtLeastOne("norm_num_groups", NormNumGroups),
        AtLeastOne("num_class_embeds", NumClassEmbeds ?? 1),
        AtLeastOne("time_embedding_dim", TimeEmbeddingDim ?? 1),
        AtLeastOne("time_cond_proj_dim", TimeCondProjDim ?? 1),
        ConvInKernel >= 1 && ConvInKernel % 2 == 1 ? null : Rules.ConfigOutOfRange.Found("conv_in_kernel", ConvInKernel, "an odd number, 3 is usual"),
        ConvOutKernel >= 1 && ConvOutKernel % 2 == 1 ? null : Rules.ConfigOutOfRange.Found("conv_out_kernel", ConvOutKernel, "an odd number, 3 is usual"),
        DownsamplePadding is 0 or 1 ? null : Rules.ConfigOutOfRange.Found("downsample_padding", DownsamplePadding, "0 or 1"),
        ConfigChecks.Dropout("dropout", Dropout),
        Epsilon("norm_eps", NormEps),
        Positive("mid_block_scale_factor", MidBlockScaleFactor),
    }).OfType<Finding>();

    private IEnumerable<Finding> Heads()
    {
        if (Blocks().Concat(Lists()).Any())
            yield break;

        for (var i = 0; i < BlockOutChannels.Count; i++)
        {
            var channels = BlockOutChannels[i];
            if (channels < 1)
                yield return Rules.ConfigOutOfRange.Found($"block_out_channels[{i}]", channels, "1 or more");
            else if (NormNumGroups >= 1 && channels % NormNumGroups != 0)
                yield return Rules.GroupsDoNotDivide.Found("norm_num_groups", NormNumGroups, $"block_out_channels[{i}]", channels);

            var attends = UNet2DConditionBlockTypes.Attends(DownBlockTypes[i]) || UNet2DConditionBlockTypes.Attends(UpBlockTypes[BlockOutChannels.Count - 1 - i])
                || (i == BlockOutChannels.Count - 1 && MidBlockType is not null);
            if (attends && channels >= 1 && channels % Heads(i) != 0)
                yield return Rules.ConfigOutOfRange.Found($"the number of attention heads of level {i}", Heads(i), $"a divisor of its {channels} channels");
        }
    }

    private IEnumerable<Finding> Conditioning()
    {
        if (ClassEmbedType == "projection" && ProjectionClassEmbeddingsInputDim is null)
            yield return Rules.ConfigNeeds.Found("class_embed_type", "projection", "projection_class_embeddings_input_dim", "null", "give the length of the vectors");
        if (AdditionEmbedType == "text_time" && ProjectionClassEmbeddingsInputDim is null)
            yield return Rules.ConfigNeeds.Found("addition_embed_type", "text_time", "projection_class_embeddings_input_dim", "null", "give the length of the pooled text and the sizes together");
        if (AdditionEmbedType == "text_time" && AdditionTimeEmbedDim is null)
            yield return Rules.ConfigNeeds.Found("addition_embed_type", "text_time", "addition_time_embed_dim", "null", "give the length of a size's sinusoids, 256 in SDXL");
        if (BlockOutChannels.Count > 0 && BlockOutChannels[0] > 0 && BlockOutChannels[0] / 2 <= FreqShift)
            yield return Rules.ConfigOutOfRange.Found("freq_shift", FreqShift, $"less than the {BlockOutChannels[0] / 2} frequencies that block_out_channels[0] gives");
    }
}
