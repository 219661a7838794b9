using System.IO;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Tests.Models;

public sealed class AutoencoderConfigTests
{
    // As the first versions of diffusers wrote it.
    private const string Old = """
        {
          "_class_name": "AutoencoderKL", "_diffusers_version": "0.2.2", "act_fn": "silu", "block_out_channels": [8, 16, 16],
          "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"], "in_channels": 3, "latent_channels": 4,
          "layers_per_block": 2, "norm_num_groups": 4, "out_channels": 3, "sample_size": 16,
          "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"]
        }
        """;

    [Theory]
    [InlineData("vae_sd")]
    [InlineData("vae_sdxl")]
    public void AFileOfDiffusersIsWrittenBackByteForByte(string model)
    {
        var text = File.ReadAllText(Goldens.PathOf($"models/{model}/config.json"));
        var config = AutoencoderKLConfig.FromJson(JsonValue.Parse(text));

        Assert.Empty(config.Validate());
        Assert.Equal(text, config.ToJson().ToIndentedString());
        Assert.Equal(config, AutoencoderKLConfig.FromJson(config.ToJson()));
    }

    [Fact]
    public void AFileOfAVQModelIsWrittenBackByteForByte()
    {
        var text = File.ReadAllText(Goldens.PathOf("models/vqmodel/config.json"));
        var config = VQModelConfig.FromJson(JsonValue.Parse(text));

        Assert.Empty(config.Validate());
        Assert.Equal(text, config.ToJson().ToIndentedString());
        Assert.Equal(config, VQModelConfig.FromJson(config.ToJson()));
    }

    [Fact]
    public void AnOldFileGetsTheDefaultsOfToday()
    {
        var old = AutoencoderKLConfig.FromJson(JsonValue.Parse(Old));

        Assert.Equal(AutoencoderKLConfig.FromJson(Goldens.Config("vae_sd")) with { Unknown = old.Unknown }, old);
        Assert.Equal("0.2.2", old.ToJson()["_diffusers_version"].AsString());
    }

    [Fact]
    public void AnEmptyFileIsDiffusersDefaultModel()
    {
        Assert.Equal(new AutoencoderKLConfig(), AutoencoderKLConfig.FromJson(JsonValue.EmptyObject));
        Assert.Equal(new VQModelConfig(), VQModelConfig.FromJson(JsonValue.EmptyObject));
        Assert.Equal(EquatableArray.Of(64), new AutoencoderKLConfig().BlockOutChannels);
        Assert.Equal(1, new AutoencoderKLConfig().Factor);
        Assert.Empty(new AutoencoderKLConfig().Validate());
        Assert.Empty(new VQModelConfig().Validate());
    }

    [Fact]
    public void ThePresetsDifferInWhatTheyWereTrainedFor()
    {
        Assert.Equal(8, AutoencoderKLConfig.Sd.Factor);
        Assert.Equal(8, AutoencoderKLConfig.Sdxl.Factor);
        Assert.Equal(4, VQModelConfig.VqF4.Factor);
        Assert.Equal(AutoencoderKLConfig.Sdxl, AutoencoderKLConfig.Sd.WithSampleSize(1024).WithScaling(0.13025));
        Assert.Equal("AutoencoderKL", AutoencoderKLConfig.Sd.ToJson()["_class_name"].AsString());
    }

    [Fact]
    public void LatentStatisticsAndAShiftAreKept()
    {
        var config = AutoencoderKLConfig.FromJson(JsonValue.Parse("{\"latents_mean\": [0.5, -1, 0, 2.5], \"latents_std\": [1, 2, 3, 4.0], \"shift_factor\": 0.0609, \"use_quant_conv\": false, \"use_post_quant_conv\": false}"));

        Assert.Equal(new AutoencoderKLConfig().WithLatentStatistics(EquatableArray.Of(0.5, -1, 0, 2.5), EquatableArray.Of(1.0, 2, 3, 4)).WithScaling(0.18215, 0.0609).WithQuantConvs(false), config);
        Assert.Empty(config.Validate());
    }

    [Fact]
    public void AnotherModelsFileIsRefused()
    {
        Assert.Equal("DIF0408", Assert.Throws<DiffusionException>(() => AutoencoderKLConfig.FromJson(VQModelConfig.VqF4.ToJson())).Id);
        Assert.Equal("DIF0408", Assert.Throws<DiffusionException>(() => VQModelConfig.FromJson(AutoencoderKLConfig.Sd.ToJson())).Id);
    }

    [Fact]
    public void AllMembersOfAnotherKindAreTold()
    {
        var error = Assert.Throws<DiffusionException>(() => AutoencoderKLConfig.FromJson(JsonValue.Parse("{\"latents_mean\": 3, \"shift_factor\": \"none\", \"force_upcast\": 2}")));

        Assert.Equal(["DIF0406", "DIF0406", "DIF0406"], error.Findings.Select(finding => finding.Rule.Id));
    }

    [Fact]
    public void EveryFaultOfAConfigurationIsFound()
    {
        var config = AutoencoderKLConfig.Sd with
        {
            DownBlockTypes = EquatableArray.Of("DownBlock2D"),
            ActFn = "tanh",
            LatentChannels = 0,
            NormNumGroups = 48,
            ScalingFactor = 0,
            LatentsMean = EquatableArray.Of(0.0),
        };

        Assert.Equal(
            [
                "DIF0401: down_block_types[0] is \"DownBlock2D\", which AutoencoderKL does not have; choose one of DownEncoderBlock2D, AttnDownEncoderBlock2D",
                "DIF0402: down_block_types has 1 entries and block_out_channels has 4; a model has one of each per level, so give both the same number, at least 1",
                "DIF0404: act_fn is \"tanh\"; choose one of silu, swish, mish, gelu, relu",
                "DIF0405: latent_channels is 0; choose 1 or more",
                "DIF0403: norm_num_groups is 48, and block_out_channels[0] is 128; a group norm needs a whole number of channels in each group, so choose a divisor of 128",
                "DIF0403: norm_num_groups is 48, and block_out_channels[1] is 256; a group norm needs a whole number of channels in each group, so choose a divisor of 256",
                "DIF0403: norm_num_groups is 48, and block_out_channels[2] is 512; a group norm needs a whole number of channels in each group, so choose a divisor of 512",
                "DIF0403: norm_num_groups is 48, and block_out_channels[3] is 512; a group norm needs a whole number of channels in each group, so choose a divisor of 512",
                "DIF0405: scaling_factor is 0; choose a positive number",
                "DIF0407: latents_mean is a list of 1, and latents_std is a list of 0; give both one number for each latent channel, or leave both out",
            ],
            config.Validate().Select(finding => finding.ToString()));
        Assert.Equal(["DIF0405", "DIF0404"], (VQModelConfig.VqF4.WithCodebook(0) with { NormType = "spatial" }).Validate().Select(finding => finding.Rule.Id));
    }

    [Fact]
    public void WhatMemoryIsAskedForIsChecked()
    {
        Assert.Equal("DIF0405: the tile size is 0; choose 1 or more pixels", Assert.Throws<DiffusionException>(() => VaeMemory.Tiled(0)).Message);
        Assert.Equal("DIF0405: the overlap is 1; choose a share of a tile, from 0 to below 1", Assert.Throws<DiffusionException>(() => VaeMemory.Tiled(overlap: 1)).Message);
        Assert.Equal(VaeMemory.Sliced, VaeMemory.Whole.WithSlices(true));
        Assert.True(VaeMemory.Tiled(64).WithSlices(true) is { Tiles: true, Slices: true, TileSize: 64, Overlap: 0.25 });
    }
}
