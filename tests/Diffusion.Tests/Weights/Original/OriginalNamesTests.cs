using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Weights.Original;
using static TorchSharp.torch;

namespace Diffusion.Tests.Weights.Original;

public sealed class OriginalNamesTests
{
    [Theory]
    [InlineData("time_embed.0.weight", "time_embedding.linear_1.weight")]
    [InlineData("time_embed.2.bias", "time_embedding.linear_2.bias")]
    [InlineData("input_blocks.0.0.weight", "conv_in.weight")]
    [InlineData("input_blocks.1.0.in_layers.0.weight", "down_blocks.0.resnets.0.norm1.weight")]
    [InlineData("input_blocks.1.0.in_layers.2.weight", "down_blocks.0.resnets.0.conv1.weight")]
    [InlineData("input_blocks.1.0.emb_layers.1.weight", "down_blocks.0.resnets.0.time_emb_proj.weight")]
    [InlineData("input_blocks.1.0.out_layers.0.bias", "down_blocks.0.resnets.0.norm2.bias")]
    [InlineData("input_blocks.2.0.out_layers.3.weight", "down_blocks.0.resnets.1.conv2.weight")]
    [InlineData("input_blocks.1.1.norm.weight", "down_blocks.0.attentions.0.norm.weight")]
    [InlineData("input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight", "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight")]
    [InlineData("input_blocks.2.1.transformer_blocks.0.ff.net.0.proj.weight", "down_blocks.0.attentions.1.transformer_blocks.0.ff.net.0.proj.weight")]
    [InlineData("input_blocks.3.0.op.weight", "down_blocks.0.downsamplers.0.conv.weight")]
    [InlineData("input_blocks.4.0.skip_connection.weight", "down_blocks.1.resnets.0.conv_shortcut.weight")]
    [InlineData("input_blocks.6.0.op.bias", "down_blocks.1.downsamplers.0.conv.bias")]
    [InlineData("input_blocks.8.1.proj_out.weight", "down_blocks.2.attentions.1.proj_out.weight")]
    [InlineData("input_blocks.9.0.op.weight", "down_blocks.2.downsamplers.0.conv.weight")]
    [InlineData("input_blocks.11.0.out_layers.3.bias", "down_blocks.3.resnets.1.conv2.bias")]
    [InlineData("middle_block.0.in_layers.2.weight", "mid_block.resnets.0.conv1.weight")]
    [InlineData("middle_block.1.proj_in.weight", "mid_block.attentions.0.proj_in.weight")]
    [InlineData("middle_block.2.out_layers.3.weight", "mid_block.resnets.1.conv2.weight")]
    [InlineData("output_blocks.0.0.skip_connection.bias", "up_blocks.0.resnets.0.conv_shortcut.bias")]
    [InlineData("output_blocks.2.1.conv.weight", "up_blocks.0.upsamplers.0.conv.weight")]
    [InlineData("output_blocks.3.1.transformer_blocks.0.attn1.to_out.0.weight", "up_blocks.1.attentions.0.transformer_blocks.0.attn1.to_out.0.weight")]
    [InlineData("output_blocks.5.2.conv.weight", "up_blocks.1.upsamplers.0.conv.weight")]
    [InlineData("output_blocks.8.2.conv.bias", "up_blocks.2.upsamplers.0.conv.bias")]
    [InlineData("output_blocks.11.0.in_layers.0.weight", "up_blocks.3.resnets.2.norm1.weight")]
    [InlineData("output_blocks.11.1.proj_in.bias", "up_blocks.3.attentions.2.proj_in.bias")]
    [InlineData("out.0.weight", "conv_norm_out.weight")]
    [InlineData("out.2.weight", "conv_out.weight")]
    public void AWellKnownNameOfStableDiffusion1HasItsPlace(string original, string diffusers) =>
        AssertPair(OriginalNames.UNet(UNet2DConditionConfig.Sd1), "model.diffusion_model." + original, diffusers);

    [Theory]
    [InlineData("label_emb.0.0.weight", "add_embedding.linear_1.weight")]
    [InlineData("label_emb.0.2.bias", "add_embedding.linear_2.bias")]
    [InlineData("input_blocks.4.1.transformer_blocks.1.attn1.to_q.weight", "down_blocks.1.attentions.0.transformer_blocks.1.attn1.to_q.weight")]
    [InlineData("input_blocks.8.1.transformer_blocks.9.norm3.weight", "down_blocks.2.attentions.1.transformer_blocks.9.norm3.weight")]
    [InlineData("output_blocks.2.2.conv.weight", "up_blocks.0.upsamplers.0.conv.weight")]
    [InlineData("output_blocks.5.2.conv.weight", "up_blocks.1.upsamplers.0.conv.weight")]
    [InlineData("output_blocks.8.0.skip_connection.weight", "up_blocks.2.resnets.2.conv_shortcut.weight")]
    public void AWellKnownNameOfStableDiffusionXLHasItsPlace(string original, string diffusers) =>
        AssertPair(OriginalNames.UNet(UNet2DConditionConfig.Sdxl), "model.diffusion_model." + original, diffusers);

    [Theory]
    [InlineData("encoder.conv_in.weight", "encoder.conv_in.weight")]
    [InlineData("encoder.down.0.block.1.norm2.weight", "encoder.down_blocks.0.resnets.1.norm2.weight")]
    [InlineData("encoder.down.0.downsample.conv.weight", "encoder.down_blocks.0.downsamplers.0.conv.weight")]
    [InlineData("encoder.down.1.block.0.nin_shortcut.weight", "encoder.down_blocks.1.resnets.0.conv_shortcut.weight")]
    [InlineData("encoder.mid.block_1.conv1.weight", "encoder.mid_block.resnets.0.conv1.weight")]
    [InlineData("encoder.mid.attn_1.norm.weight", "encoder.mid_block.attentions.0.group_norm.weight")]
    [InlineData("encoder.mid.attn_1.q.weight", "encoder.mid_block.attentions.0.to_q.weight")]
    [InlineData("decoder.mid.attn_1.v.bias", "decoder.mid_block.attentions.0.to_v.bias")]
    [InlineData("decoder.mid.attn_1.proj_out.weight", "decoder.mid_block.attentions.0.to_out.0.weight")]
    [InlineData("decoder.mid.block_2.conv2.bias", "decoder.mid_block.resnets.1.conv2.bias")]
    [InlineData("encoder.norm_out.weight", "encoder.conv_norm_out.weight")]
    [InlineData("decoder.up.3.block.0.norm1.weight", "decoder.up_blocks.0.resnets.0.norm1.weight")]
    [InlineData("decoder.up.3.upsample.conv.weight", "decoder.up_blocks.0.upsamplers.0.conv.weight")]
    [InlineData("decoder.up.1.block.0.nin_shortcut.bias", "decoder.up_blocks.2.resnets.0.conv_shortcut.bias")]
    [InlineData("decoder.up.0.block.2.conv2.weight", "decoder.up_blocks.3.resnets.2.conv2.weight")]
    [InlineData("quant_conv.weight", "quant_conv.weight")]
    [InlineData("post_quant_conv.bias", "post_quant_conv.bias")]
    public void AWellKnownNameOfTheAutoencoderHasItsPlace(string original, string diffusers) =>
        AssertPair(OriginalNames.Autoencoder(AutoencoderKLConfig.Sd), "first_stage_model." + original, diffusers);

    [Theory]
    [InlineData("token_embedding.weight", "text_model.embeddings.token_embedding.weight")]
    [InlineData("positional_embedding", "text_model.embeddings.position_embedding.weight")]
    [InlineData("transformer.resblocks.0.ln_1.weight", "text_model.encoder.layers.0.layer_norm1.weight")]
    [InlineData("transformer.resblocks.22.ln_2.bias", "text_model.encoder.layers.22.layer_norm2.bias")]
    [InlineData("transformer.resblocks.3.attn.out_proj.weight", "text_model.encoder.layers.3.self_attn.out_proj.weight")]
    [InlineData("transformer.resblocks.3.mlp.c_fc.weight", "text_model.encoder.layers.3.mlp.fc1.weight")]
    [InlineData("transformer.resblocks.3.mlp.c_proj.bias", "text_model.encoder.layers.3.mlp.fc2.bias")]
    [InlineData("ln_final.weight", "text_model.final_layer_norm.weight")]
    [InlineData("text_projection", "text_projection.weight")]
    public void AWellKnownNameOfOpenClipHasItsPlace(string original, string transformers) =>
        AssertPair(OriginalNames.OpenClip(23, hasProjection: true), "cond_stage_model.model." + original, transformers);

    [Fact]
    public void QueryKeyAndValueOfOpenClipAreOne()
    {
        var names = OriginalNames.OpenClip(23);
        const string layer = "text_model.encoder.layers.7.self_attn.";

        Assert.Equal([layer + "q_proj.weight", layer + "k_proj.weight", layer + "v_proj.weight"], names.FromOriginal("cond_stage_model.model.transformer.resblocks.7.attn.in_proj_weight"));
        Assert.Equal([layer + "q_proj.bias", layer + "k_proj.bias", layer + "v_proj.bias"], names.FromOriginal("cond_stage_model.model.transformer.resblocks.7.attn.in_proj_bias"));
        Assert.Equal("cond_stage_model.model.transformer.resblocks.7.attn.in_proj_weight", names.ToOriginal(layer + "v_proj.weight"));
    }

    [Theory]
    [InlineData("cond_stage_model.model.transformer.resblocks.23.ln_1.weight")] // the block that Stable Diffusion 2 does not run
    [InlineData("cond_stage_model.model.text_projection")]
    [InlineData("cond_stage_model.model.logit_scale")]
    [InlineData("cond_stage_model.model.visual.proj")]
    [InlineData("first_stage_model.encoder.conv_in.weight")]
    public void WhatTheTextEncoderOfStableDiffusion2DoesNotUseHasNoName(string name) => Assert.Empty(OriginalNames.OpenClip(23).FromOriginal(name));

    [Theory]
    [InlineData("text_model.final_layer_norm.bias", "text_model.final_layer_norm.bias")]
    [InlineData("embeddings.token_embedding.weight", "text_model.embeddings.token_embedding.weight")]
    [InlineData("text_model.embeddings.position_ids", null)]
    [InlineData("vision_model.post_layernorm.bias", null)]
    public void TheTextEncoderOfStableDiffusion1KeepsItsNames(string original, string? transformers) =>
        Assert.Equal(transformers is null ? [] : [transformers], OriginalNames.Clip().FromOriginal("cond_stage_model.transformer." + original));

    [Fact]
    public void EveryParameterHasANameOfItsOwnInTheOriginalLayout()
    {
        foreach (var config in new[] { UNet2DConditionConfig.Sd1, UNet2DConditionConfig.Sd2, UNet2DConditionConfig.Sdxl, OriginalFiles.Inpainting, OriginalFiles.Upscaler, OriginalFiles.Refiner })
        {
            using var model = UNet2DConditionModel.FromConfig(config, LayerOptions.Shapes());
            AssertBijection(model, OriginalNames.UNet(config));
        }

        using var vae = AutoencoderKL.FromConfig(AutoencoderKLConfig.Sd, LayerOptions.Shapes());
        AssertBijection(vae, OriginalNames.Autoencoder(AutoencoderKLConfig.Sd));
    }

    [Theory]
    [InlineData("model.diffusion_model.input_blocks.12.0.in_layers.0.weight")]
    [InlineData("model.diffusion_model.label_emb.0.0.weight")]
    [InlineData("model_ema.diffusion_modelinput_blocks00weight")]
    [InlineData("weight")]
    public void AnUnknownNameHasNoPlace(string name) => Assert.Empty(OriginalNames.UNet(UNet2DConditionConfig.Sd1).FromOriginal(name));

    private static void AssertPair(OriginalNames names, string original, string own)
    {
        Assert.Equal([own], names.FromOriginal(original));
        Assert.Equal(original, names.ToOriginal(own));
    }

    private static void AssertBijection(nn.Module model, OriginalNames names)
    {
        using var scope = NewDisposeScope();
        var own = model.state_dict().Keys.ToArray();
        var original = own.Select(names.ToOriginal).ToArray();

        Assert.Equal(own.Length, original.Distinct().Count());
        Assert.All(own.Zip(original), pair => Assert.Equal([pair.First], names.FromOriginal(pair.Second!)));
        Assert.All(original, name => Assert.StartsWith(names.Prefix, name, StringComparison.Ordinal));
    }
}
