using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Estimation;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Tests.Models;

namespace Diffusion.Tests.Estimation;

/// <summary>Parameters are counted from configurations alone, and are those of the models.</summary>
public sealed class ParameterCountTests
{
    private static readonly UNet2DConfig Skip = new(
        DownBlockTypes: EquatableArray.Of("SkipDownBlock2D", "AttnSkipDownBlock2D", "SkipDownBlock2D"),
        UpBlockTypes: EquatableArray.Of("SkipUpBlock2D", "AttnSkipUpBlock2D", "SkipUpBlock2D"),
        BlockOutChannels: EquatableArray.Of(32, 32, 64),
        LayersPerBlock: 1,
        TimeEmbeddingType: "fourier",
        NormNumGroups: null);

    private static readonly UNet2DConfig Celeba = new(
        DownBlockTypes: EquatableArray.Of("DownBlock2D", "DownBlock2D", "DownBlock2D", "DownBlock2D", "AttnDownBlock2D", "DownBlock2D"),
        UpBlockTypes: EquatableArray.Of("UpBlock2D", "AttnUpBlock2D", "UpBlock2D", "UpBlock2D", "UpBlock2D", "UpBlock2D"),
        BlockOutChannels: EquatableArray.Of(128, 128, 256, 256, 512, 512),
        AttentionHeadDim: null);

    private static readonly UNet2DConfig Butterflies = new(
        DownBlockTypes: EquatableArray.Of("DownBlock2D", "DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"),
        UpBlockTypes: EquatableArray.Of("AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D", "UpBlock2D"),
        BlockOutChannels: EquatableArray.Of(64, 128, 128, 256));

    [Fact]
    public void TheKnownNumbersComeOut()
    {
        var latents = new Feature(1, 4, 64, 64);
        Assert.Equal(
            [859_520_964, 859_535_364, 865_910_724, 865_913_604, 2_567_463_684],
            new[] { UNet2DConditionConfig.Sd1, UNet2DConditionConfig.Sd1.WithInChannels(9), UNet2DConditionConfig.Sd2, UNet2DConditionConfig.Sd2.WithInChannels(5), UNet2DConditionConfig.Sdxl }
                .Select(config => ConditionWalk.Of(config, latents with { Channels = config.InChannels }, 4).Parameters));
        Assert.Equal(
            [1_707_009, 1_708_161, 18_536_323, 113_673_219],
            new[] { UNet2DConfig.Course, UNet2DConfig.Course.WithInChannels(5), Butterflies, Celeba }
                .Select(config => UnconditionalWalk.Of(config, latents with { Channels = config.InChannels }, 4).Parameters));
        Assert.Equal(
            [123_060_480, 340_387_840, 694_659_840],
            [TextWalk.Of(ClipTextConfig.StableDiffusion1, 4).Parameters, TextWalk.Of(ClipTextConfig.StableDiffusion2, 4).Parameters, TextWalk.Of(ClipTextConfig.StableDiffusionXLSecond, 4, hasProjection: true).Parameters]);
        // Each with the 1 by 1 convolution at its end of the latents: 72 and 20.
        Assert.Equal(34_163_592 + 72, AutoencoderWalk.Encode(AutoencoderKLConfig.Sd, new Feature(1, 3, 64, 64), 4).Parameters);
        Assert.Equal(49_490_179 + 20, AutoencoderWalk.Decode(AutoencoderKLConfig.Sd, new Feature(1, 4, 8, 8), 4).Parameters);
    }

    [Fact]
    public void AnyUnconditionalNetworkHasItsModelsNumber()
    {
        var tiny = TinyUNet.Config;
        UNet2DConfig[] configs =
        [
            Skip, tiny, Celeba,
            tiny with { ResnetTimeScaleShift = "scale_shift" },
            tiny with { TimeEmbeddingType = "learned", NumTrainTimesteps = 100 },
            tiny with { DownsampleType = "resnet", UpsampleType = "resnet" },
            tiny with { NumClassEmbeds = 7 },
            tiny with { ClassEmbedType = "timestep" },
            tiny with { AddAttention = false },
            .. new[] { Ablation.GroupNorm, Ablation.TimeConditioning, Ablation.LearnedResampling, Ablation.Attention }.Select(UNet2DConfig.Course.Without),
        ];
        foreach (var config in configs)
        {
            using var model = UNet2DModel.FromConfig(config, LayerOptions.Shapes());
            Assert.Equal(model.ParameterCount, UnconditionalWalk.Of(config, new Feature(1, config.InChannels, 32, 32), 4).Parameters);
        }
    }

    [Fact]
    public void AnyTextConditionedNetworkHasItsModelsNumber()
    {
        var tiny = TinyCondition.Config;
        UNet2DConditionConfig[] configs =
        [
            tiny,
            tiny with { NumClassEmbeds = 5 },
            tiny with { ClassEmbedType = "projection", ProjectionClassEmbeddingsInputDim = 6 },
            tiny with { MidBlockType = null },
            tiny with { MidBlockType = "UNetMidBlock2D", UseLinearProjection = true, OnlyCrossAttention = EquatableArray.Of(1) },
            tiny with { TimeCondProjDim = 16, ConvInKernel = 1, ConvOutKernel = 1, LayersPerBlock = EquatableArray.Of(1, 2) },
        ];
        foreach (var config in configs)
        {
            using var model = UNet2DConditionModel.FromConfig(config, LayerOptions.Shapes());
            Assert.Equal(model.ParameterCount, ConditionWalk.Of(config, new Feature(1, config.InChannels, 8, 8), 4).Parameters);
        }
    }
}
