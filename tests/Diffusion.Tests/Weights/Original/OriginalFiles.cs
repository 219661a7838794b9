using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Weights.Original;
using static TorchSharp.torch;

namespace Diffusion.Tests.Weights.Original;

/// <summary>Names and shapes of files in the original layout, of every size.</summary>
internal static class OriginalFiles
{
    public static UNet2DConditionConfig Inpainting { get; } = UNet2DConditionConfig.Sd1.WithInChannels(9);

    public static UNet2DConditionConfig Upscaler { get; } = UNet2DConditionConfig.Sd2.WithInChannels(7).WithBlocks("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D")
        .WithBlockOutChannels(256, 512, 512, 1024).WithHeads(8).WithSampleSize(128) with
    {
        OnlyCrossAttention = EquatableArray.Of(0, 1, 1, 0),
        NumClassEmbeds = 1000,
    };

    public static UNet2DConditionConfig Refiner { get; } = UNet2DConditionConfig.Sdxl.WithBlocks("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D")
        .WithBlockOutChannels(384, 768, 1536, 1536).WithCrossAttentionDim(1280).WithHeads(6, 12, 24, 24) with
    {
        TransformerLayersPerBlock = EquatableArray.Of(4),
        ProjectionClassEmbeddingsInputDim = 2560,
    };

    /// <summary>A U-Net's tensors, which have no memory.</summary>
    public static IEnumerable<(string Name, long[] Shape)> UNet(UNet2DConditionConfig config, string prefix = "model.diffusion_model.")
    {
        using var model = UNet2DConditionModel.FromConfig(config, LayerOptions.Shapes());

        return Under(model, OriginalNames.UNet(config, prefix));
    }

    /// <summary>An autoencoder's tensors, which have no memory.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Vae(AutoencoderKLConfig config, string prefix = "first_stage_model.")
    {
        using var model = AutoencoderKL.FromConfig(config, LayerOptions.Shapes());

        return Under(model, OriginalNames.Autoencoder(config, prefix)).Select(tensor =>
            tensor.Name.Contains(".attn_1.", StringComparison.Ordinal) && tensor.Shape is [var rows, var columns] ? (tensor.Name, [rows, columns, 1, 1]) : tensor);
    }

    /// <summary>A text encoder's tensors as transformers names them.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Clip(ClipTextConfig config, string prefix = "cond_stage_model.transformer.")
    {
        using var model = ClipTextModel.FromConfig(config, LayerOptions.Shapes());

        return Under(model, OriginalNames.Clip(prefix)).Append((prefix + "text_model.embeddings.position_ids", [1, 77]));
    }

    /// <summary>A text encoder's tensors as OpenCLIP names them, written by hand.</summary>
    public static IEnumerable<(string Name, long[] Shape)> OpenClip(int width, int layers, string prefix = "cond_stage_model.model.") => new (string Name, long[] Shape)[]
    {
        ("positional_embedding", [77, width]),
        ("token_embedding.weight", [49408, width]),
        ("ln_final.weight", [width]),
        ("ln_final.bias", [width]),
        ("text_projection", [width, width]),
        ("logit_scale", []),
    }.Concat(Enumerable.Range(0, layers).SelectMany(layer => new (string Name, long[] Shape)[]
    {
        ("ln_1.weight", [width]),
        ("ln_1.bias", [width]),
        ("attn.in_proj_weight", [3 * width, width]),
        ("attn.in_proj_bias", [3 * width]),
        ("attn.out_proj.weight", [width, width]),
        ("attn.out_proj.bias", [width]),
        ("ln_2.weight", [width]),
        ("ln_2.bias", [width]),
        ("mlp.c_fc.weight", [4 * width, width]),
        ("mlp.c_fc.bias", [4 * width]),
        ("mlp.c_proj.weight", [width, 4 * width]),
        ("mlp.c_proj.bias", [width]),
    }.Select(tensor => (Name: $"transformer.resblocks.{layer}.{tensor.Name}", tensor.Shape)))).Select(tensor => (prefix + tensor.Name, tensor.Shape));

    private static (string Name, long[] Shape)[] Under(nn.Module model, OriginalNames names)
    {
        using var scope = NewDisposeScope();

        return [.. model.state_dict().Select(pair => (names.ToOriginal(pair.Key)!, pair.Value.shape))];
    }
}
