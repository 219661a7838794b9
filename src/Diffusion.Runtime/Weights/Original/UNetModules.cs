using System.Collections.Generic;
using Diffusion.Dsl;
using static Diffusion.Runtime.Weights.Original.ModuleNames;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>
/// The modules of a U-Net under the names of <c>openaimodel.py</c> (CompVis/latent-diffusion, after Dhariwal and Nichol 2021, arXiv:2105.05233) and
/// under those of diffusers. The former counts all blocks of a way, <c>input_blocks.0</c> being the first convolution; the latter counts within levels.
/// </summary>
internal static class UNetModules
{
    /// <summary>All pairs of a configuration.</summary>
    public static IEnumerable<(string Original, string Diffusers)> Of(UNet2DConditionConfig config)
    {
        foreach (var pairs in new[] { Ends(config), Down(config), Middle(config), Up(config) })
        {
            foreach (var pair in pairs)
                yield return pair;
        }
    }

    private static IEnumerable<(string, string)> Ends(UNet2DConditionConfig config)
    {
        yield return ("input_blocks.0.0", "conv_in");
        yield return ("time_embed.0", "time_embedding.linear_1");
        yield return ("time_embed.2", "time_embedding.linear_2");
        yield return ("out.0", "conv_norm_out");
        yield return ("out.2", "conv_out");

        // SDXL's sizes and Stable unCLIP's picture vectors are labels there, as the classes of the upscaler are.
        if (config.NumClassEmbeds is not null)
            yield return ("label_emb", "class_embedding");
        var labels = config.AdditionEmbedType == "text_time" ? "add_embedding" : config.ClassEmbedType == "projection" ? "class_embedding" : null;
        if (labels is null)
            yield break;
        yield return ("label_emb.0.0", labels + ".linear_1");
        yield return ("label_emb.0.2", labels + ".linear_2");
    }

    private static IEnumerable<(string, string)> Down(UNet2DConditionConfig config)
    {
        var block = 1;
        for (var level = 0; level < config.BlockOutChannels.Count; level++)
        {
            for (var layer = 0; layer < UNet2DConditionConfig.At(config.LayersPerBlock, level); layer++, block++)
            {
                foreach (var pair in Resnet($"input_blocks.{block}.0", $"down_blocks.{level}.resnets.{layer}"))
                    yield return pair;
                if (UNet2DConditionBlockTypes.Attends(config.DownBlockTypes[level]))
                    yield return ($"input_blocks.{block}.1", $"down_blocks.{level}.attentions.{layer}");
            }

            if (level < config.BlockOutChannels.Count - 1)
                yield return ($"input_blocks.{block++}.0.op", $"down_blocks.{level}.downsamplers.0.conv");
        }
    }

    private static IEnumerable<(string, string)> Middle(UNet2DConditionConfig config)
    {
        if (config.MidBlockType is null)
            yield break;

        var attends = UNet2DConditionBlockTypes.Attends(config.MidBlockType);
        foreach (var pair in Resnet("middle_block.0", "mid_block.resnets.0"))
            yield return pair;
        if (attends)
            yield return ("middle_block.1", "mid_block.attentions.0");
        foreach (var pair in Resnet(attends ? "middle_block.2" : "middle_block.1", "mid_block.resnets.1"))
            yield return pair;
    }

    private static IEnumerable<(string, string)> Up(UNet2DConditionConfig config)
    {
        var block = 0;
        var levels = config.BlockOutChannels.Count;
        for (var up = 0; up < levels; up++)
        {
            var attends = UNet2DConditionBlockTypes.Attends(config.UpBlockTypes[up]);
            var last = UNet2DConditionConfig.At(config.LayersPerBlock, levels - 1 - up); // one layer more than on the way down
            for (var layer = 0; layer <= last; layer++, block++)
            {
                foreach (var pair in Resnet($"output_blocks.{block}.0", $"up_blocks.{up}.resnets.{layer}"))
                    yield return pair;
                if (attends)
                    yield return ($"output_blocks.{block}.1", $"up_blocks.{up}.attentions.{layer}");
                if (layer == last && up < levels - 1)
                    yield return ($"output_blocks.{block}.{(attends ? 2 : 1)}.conv", $"up_blocks.{up}.upsamplers.0.conv");
            }
        }
    }

    private static IEnumerable<(string, string)> Resnet(string original, string diffusers) => Below(
        original,
        diffusers,
        ("in_layers.0", "norm1"),
        ("in_layers.2", "conv1"),
        ("emb_layers.1", "time_emb_proj"),
        ("out_layers.0", "norm2"),
        ("out_layers.3", "conv2"),
        ("skip_connection", "conv_shortcut"));
}
