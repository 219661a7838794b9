using System;
using System.Collections.Generic;
using Diffusion.Dsl;
using static Diffusion.Runtime.Weights.Original.ModuleNames;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>
/// The modules of an autoencoder under the names of <c>autoencoder.py</c> (CompVis/latent-diffusion) and under those of diffusers. The former counts the
/// decoder's levels from the finest, the latter from the coarsest.
/// </summary>
internal static class AutoencoderModules
{
    /// <summary>All pairs of a configuration.</summary>
    public static IEnumerable<(string Original, string Diffusers)> Of(AutoencoderKLConfig config)
    {
        if (config.UseQuantConv)
            yield return ("quant_conv", "quant_conv");
        if (config.UsePostQuantConv)
            yield return ("post_quant_conv", "post_quant_conv");
        foreach (var half in new[] { "encoder", "decoder" })
        {
            yield return (half + ".conv_in", half + ".conv_in");
            yield return (half + ".norm_out", half + ".conv_norm_out");
            yield return (half + ".conv_out", half + ".conv_out");
            foreach (var pair in Middle(half, config))
                yield return pair;
        }

        var levels = config.BlockOutChannels.Count;
        for (var level = 0; level < levels; level++)
        {
            var down = ($"encoder.down.{level}", $"encoder.down_blocks.{level}");
            foreach (var pair in Level(down, config.LayersPerBlock, config.DownBlockTypes[level]))
                yield return pair;
            if (level < levels - 1)
                yield return (down.Item1 + ".downsample.conv", down.Item2 + ".downsamplers.0.conv");

            var up = ($"decoder.up.{levels - 1 - level}", $"decoder.up_blocks.{level}");
            foreach (var pair in Level(up, config.LayersPerBlock + 1, config.UpBlockTypes[level]))
                yield return pair;
            if (level < levels - 1)
                yield return (up.Item1 + ".upsample.conv", up.Item2 + ".upsamplers.0.conv");
        }
    }

    /// <summary>Whether a parameter is a 1 by 1 convolution in the original layout and a linear layer in diffusers.</summary>
    /// <param name="name">diffusers' name.</param>
    public static bool IsPointwise(string name) =>
        name.Contains(".attentions.", StringComparison.Ordinal) && name.Contains(".to_", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal);

    private static IEnumerable<(string, string)> Middle(string half, AutoencoderKLConfig config)
    {
        foreach (var pair in Resnet(half + ".mid.block_1", half + ".mid_block.resnets.0"))
            yield return pair;
        if (config.MidBlockAddAttention)
        {
            foreach (var pair in Attention(half + ".mid.attn_1", half + ".mid_block.attentions.0"))
                yield return pair;
        }

        foreach (var pair in Resnet(half + ".mid.block_2", half + ".mid_block.resnets.1"))
            yield return pair;
    }

    private static IEnumerable<(string, string)> Level((string Original, string Diffusers) names, int layers, string type)
    {
        for (var layer = 0; layer < layers; layer++)
        {
            foreach (var pair in Resnet($"{names.Original}.block.{layer}", $"{names.Diffusers}.resnets.{layer}"))
                yield return pair;
            if (!type.StartsWith("Attn", StringComparison.Ordinal))
                continue;
            foreach (var pair in Attention($"{names.Original}.attn.{layer}", $"{names.Diffusers}.attentions.{layer}"))
                yield return pair;
        }
    }

    private static IEnumerable<(string, string)> Resnet(string original, string diffusers) =>
        Below(original, diffusers, ("norm1", "norm1"), ("conv1", "conv1"), ("norm2", "norm2"), ("conv2", "conv2"), ("nin_shortcut", "conv_shortcut"));

    private static IEnumerable<(string, string)> Attention(string original, string diffusers) =>
        Below(original, diffusers, ("norm", "group_norm"), ("q", "to_q"), ("k", "to_k"), ("v", "to_v"), ("proj_out", "to_out.0"));
}
