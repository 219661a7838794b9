using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Weights;
using Diffusion.Runtime.Weights.Original;

namespace Diffusion.Tests.Weights.Original;

/// <summary>Files of full size are recognised by their headers.</summary>
public sealed class OriginalLayoutTests
{
    private static readonly (string Name, long[] Shape)[] Buffers = [("betas", [1000]), ("alphas_cumprod", [1000]), ("model_ema.decay", []), ("model_ema.num_updates", [])];

    [Fact]
    public void StableDiffusion1IsRecognised()
    {
        var layout = Read([.. OriginalFiles.UNet(UNet2DConditionConfig.Sd1), .. OriginalFiles.Vae(AutoencoderKLConfig.Sd), .. OriginalFiles.Clip(ClipTextConfig.StableDiffusion1), .. Buffers]);

        Assert.Equal(OriginalKind.StableDiffusion1, layout.Kind);
        Assert.Equal(UNet2DConditionConfig.Sd1, layout.UNet);
        Assert.Equal(AutoencoderKLConfig.Sd, layout.Vae);
        Assert.Equal([new OriginalTextEncoder("cond_stage_model.transformer.", IsOpenClip: false, HasProjection: false, ClipTextConfig.StableDiffusion1)], layout.TextEncoders);
        Assert.Equal((NoiseSchedule.StableDiffusion, PredictionType.Epsilon, true), (layout.Scheduler.Noise, layout.Prediction, layout.IsPredictionGuessed));
        Assert.Equal((false, false, false, false), (layout.IsInpainting, layout.IsDepth, layout.IsEditing, layout.HasEma));
    }

    [Fact]
    public void StableDiffusion2IsRecognised()
    {
        var layout = Read([.. OriginalFiles.UNet(UNet2DConditionConfig.Sd2), .. OriginalFiles.Vae(AutoencoderKLConfig.Sd), .. OriginalFiles.OpenClip(1024, 24)]);

        Assert.Equal(OriginalKind.StableDiffusion2, layout.Kind);
        Assert.Equal(UNet2DConditionConfig.Sd2.WithSampleSize(96) with { UpcastAttention = true }, layout.UNet);
        Assert.Equal(AutoencoderKLConfig.Sd.WithSampleSize(768), layout.Vae);
        Assert.Equal([new OriginalTextEncoder("cond_stage_model.model.", IsOpenClip: true, HasProjection: false, ClipTextConfig.StableDiffusion2)], layout.TextEncoders);
        Assert.Equal((NoiseSchedule.StableDiffusion, PredictionType.VPrediction, true), (layout.Scheduler.Noise, layout.Prediction, layout.IsPredictionGuessed));
    }

    [Fact]
    public void StableDiffusionXLIsRecognised()
    {
        var layout = Read(
        [
            .. OriginalFiles.UNet(UNet2DConditionConfig.Sdxl),
            .. OriginalFiles.Vae(AutoencoderKLConfig.Sdxl),
            .. OriginalFiles.Clip(ClipTextConfig.StableDiffusion1, "conditioner.embedders.0.transformer."),
            .. OriginalFiles.OpenClip(1280, 32, "conditioner.embedders.1.model."),
        ]);

        Assert.Equal(OriginalKind.StableDiffusionXL, layout.Kind);
        Assert.Equal(UNet2DConditionConfig.Sdxl, layout.UNet);
        Assert.Equal(AutoencoderKLConfig.Sdxl, layout.Vae);
        Assert.Equal([ClipTextConfig.StableDiffusion1, ClipTextConfig.StableDiffusionXLSecond], layout.TextEncoders.Select(encoder => encoder.Config));
        Assert.Equal([false, true], layout.TextEncoders.Select(encoder => encoder.HasProjection));
        Assert.Equal("EulerDiscreteScheduler", layout.Scheduler.ClassName);
    }

    [Fact]
    public void TheRefinerIsRecognised()
    {
        var layout = Read([.. OriginalFiles.UNet(OriginalFiles.Refiner), .. OriginalFiles.OpenClip(1280, 32, "conditioner.embedders.0.model.")]);

        Assert.Equal(OriginalKind.StableDiffusionXLRefiner, layout.Kind);
        Assert.Equal(OriginalFiles.Refiner, layout.UNet);
        Assert.Null(layout.Vae);
    }

    [Fact]
    public void TheUpscalerIsRecognised()
    {
        var vae = AutoencoderKLConfig.Sd.WithLevels(128, 256, 512).WithSampleSize(256).WithScaling(0.08333);
        var layout = Read([.. OriginalFiles.UNet(OriginalFiles.Upscaler), .. OriginalFiles.Vae(vae), .. OriginalFiles.OpenClip(1024, 24)]);

        Assert.Equal(OriginalKind.StableDiffusionUpscaler, layout.Kind);
        Assert.Equal(OriginalFiles.Upscaler, layout.UNet);
        Assert.Equal(vae, layout.Vae);
        Assert.Equal((new NoiseSchedule(BetaSchedule.ScaledLinear), PredictionType.VPrediction), (layout.Scheduler.Noise, layout.Prediction));
    }

    [Fact]
    public void InputChannelsTellInpaintingDepthAndEditing()
    {
        var inpainting = Read([.. OriginalFiles.UNet(OriginalFiles.Inpainting), .. OriginalFiles.Clip(ClipTextConfig.StableDiffusion1)]);
        var second = Read([.. OriginalFiles.UNet(UNet2DConditionConfig.Sd2.WithInChannels(9)), .. OriginalFiles.OpenClip(1024, 24)]);
        var depth = Read([.. OriginalFiles.UNet(UNet2DConditionConfig.Sd2.WithInChannels(5)), .. OriginalFiles.OpenClip(1024, 24)]);
        var editing = Read([.. OriginalFiles.UNet(UNet2DConditionConfig.Sd1.WithInChannels(8)), .. OriginalFiles.Clip(ClipTextConfig.StableDiffusion1)]);

        Assert.Equal((OriginalFiles.Inpainting, true), (inpainting.UNet, inpainting.IsInpainting));
        Assert.Equal((UNet2DConditionConfig.Sd2.WithInChannels(9), true, PredictionType.Epsilon), (second.UNet, second.IsInpainting, second.Prediction));
        Assert.Equal((UNet2DConditionConfig.Sd2.WithInChannels(5), true, PredictionType.Epsilon), (depth.UNet, depth.IsDepth, depth.Prediction));
        Assert.Equal((OriginalKind.StableDiffusion1, true), (editing.Kind, editing.IsEditing));
        Assert.Equal("StableDiffusion2 (inpainting): U-Net, 1 text encoder; predicts epsilon (guessed)", second.ToString());
    }

    [Theory]
    [InlineData("model.diffusion_model.")]
    [InlineData("diffusion_model.")]
    [InlineData("")]
    public void AUNetAloneIsRecognised(string prefix)
    {
        Assert.Equal((OriginalKind.StableDiffusion1, UNet2DConditionConfig.Sd1), KindOf(UNet2DConditionConfig.Sd1));
        Assert.Equal((OriginalKind.StableDiffusionXL, UNet2DConditionConfig.Sdxl), KindOf(UNet2DConditionConfig.Sdxl));
        Assert.Equal((OriginalKind.StableDiffusionXLRefiner, OriginalFiles.Refiner), KindOf(OriginalFiles.Refiner));
        Assert.Equal(OriginalKind.StableDiffusion2, KindOf(UNet2DConditionConfig.Sd2).Kind);

        (OriginalKind Kind, UNet2DConditionConfig? Config) KindOf(UNet2DConditionConfig config)
        {
            var layout = Read([.. OriginalFiles.UNet(config, prefix)]);

            return (layout.Kind, layout.UNet);
        }
    }

    [Theory]
    [InlineData("first_stage_model.")]
    [InlineData("")]
    public void AnAutoencoderAloneIsRecognised(string prefix)
    {
        var layout = Read([.. OriginalFiles.Vae(AutoencoderKLConfig.Sd, prefix), (prefix + "loss.logvar", [])]);

        Assert.Equal((OriginalKind.Autoencoder, AutoencoderKLConfig.Sd, null), (layout.Kind, layout.Vae, layout.UNet));
        Assert.Equal("Autoencoder: autoencoder", layout.ToString());
    }

    [Fact]
    public void AnAutoencoderOfAnotherMakeIsRecognised()
    {
        var config = AutoencoderKLConfig.Sd.WithLevels(64, 128).WithLatentChannels(16).WithImageChannels(1).WithLayersPerBlock(3).WithQuantConvs(false);

        Assert.Equal(config, Read([.. OriginalFiles.Vae(config)]).Vae);
    }

    [Theory]
    [InlineData("global_step", "875000", PredictionType.Epsilon)]
    [InlineData("global_step", "220000", PredictionType.Epsilon)]
    [InlineData("global_step", "140000", PredictionType.VPrediction)]
    [InlineData("global_step", "110000", PredictionType.VPrediction)]
    [InlineData("modelspec.prediction_type", "epsilon", PredictionType.Epsilon)]
    [InlineData("modelspec.prediction_type", "v", PredictionType.VPrediction)]
    public void AFileOfStableDiffusion2MaySayWhatItPredicts(string key, string value, PredictionType prediction)
    {
        var layout = OriginalLayout.Read(new HeaderOnly([.. OriginalFiles.UNet(UNet2DConditionConfig.Sd2), .. OriginalFiles.OpenClip(1024, 24)], (key, value)));

        Assert.Equal((prediction, false), (layout.Prediction, layout.IsPredictionGuessed));
        Assert.Equal(prediction == PredictionType.VPrediction ? 96 : 64, layout.UNet!.SampleHeight);
    }

    [Theory]
    [InlineData("global_step", "1")]
    [InlineData("modelspec.prediction_type", "something")]
    public void WhatAFileSaysOtherwiseIsNoKnowledge(string key, string value) =>
        Assert.True(OriginalLayout.Read(new HeaderOnly([.. OriginalFiles.UNet(UNet2DConditionConfig.Sd2)], (key, value))).IsPredictionGuessed);

    [Fact]
    public void AMarkOfThoseWhoTrainedItCounts()
    {
        var layout = Read([.. OriginalFiles.UNet(UNet2DConditionConfig.Sdxl), ("v_pred", [0]), ("ztsnr", [0])]);

        Assert.Equal((PredictionType.VPrediction, false, true), (layout.Prediction, layout.IsPredictionGuessed, layout.Scheduler.Noise.ZeroTerminalSnr));
    }

    [Fact]
    public void TheCallerKnowsBetter()
    {
        var layout = OriginalLayout.Read(new HeaderOnly(OriginalFiles.UNet(UNet2DConditionConfig.Sd2)), PredictionType.Epsilon);

        Assert.Equal((PredictionType.Epsilon, false, UNet2DConditionConfig.Sd2), (layout.Prediction, layout.IsPredictionGuessed, layout.UNet));
    }

    [Fact]
    public void AnotherFileIsNamedAsSuch()
    {
        var diffusers = Assert.Throws<DiffusionException>(() => Read([("down_blocks.0.resnets.0.norm1.weight", [320]), ("conv_in.weight", [320, 4, 3, 3])]));
        var other = Assert.Throws<DiffusionException>(() => Read([("lora_unet_down.lora_up.weight", [4, 4])]));

        Assert.StartsWith("DIF0526: model.safetensors is no Stable Diffusion", diffusers.Message, StringComparison.Ordinal);
        Assert.Contains("FromPretrained", diffusers.Message, StringComparison.Ordinal);
        Assert.Contains("1 tensors (lora_unet_down.lora_up.weight)", other.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.diffusion_model.input_blocks.0.0.weight", 320L, 4L)]
    [InlineData("model.diffusion_model.time_embed.0.weight", 0L, 320L)]
    [InlineData("model.diffusion_model.middle_block.1.transformer_blocks.0.attn2.to_k.weight", 768L)]
    public void AShapeThatNoModelHasIsNamed(string name, params long[] shape)
    {
        var config = UNet2DConditionConfig.Sd1.WithBlocks("DownBlock2D", "DownBlock2D", "DownBlock2D", "DownBlock2D");
        var error = Assert.Throws<DiffusionException>(() => Read([.. OriginalFiles.UNet(config).Select(tensor => tensor.Name == name ? (name, shape) : tensor)]));

        Assert.StartsWith($"DIF0528: the tensor '{name}' of model.safetensors has the shape {shape.ToEquatableArray()}", error.Message, StringComparison.Ordinal);
    }

    private static OriginalLayout Read(IReadOnlyCollection<(string Name, long[] Shape)> tensors) => OriginalLayout.Read(new HeaderOnly(tensors));
}
