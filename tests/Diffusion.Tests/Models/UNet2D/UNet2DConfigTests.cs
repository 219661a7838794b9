using System.IO;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Tests.Models;

public sealed class UNet2DConfigTests
{
    [Theory]
    [InlineData("unet2d_mnist")]
    [InlineData("unet2d_celebahq_tiny")]
    [InlineData("unet2d_classcond")]
    [InlineData("unet2d_scale_shift")]
    [InlineData("unet2d_nonsquare_center")]
    [InlineData("unet2d_train")]
    public void AFileOfDiffusersIsWrittenBackByteForByte(string model)
    {
        var text = File.ReadAllText(Goldens.PathOf($"models/{model}/config.json"));
        var config = UNet2DConfig.FromJson(JsonValue.Parse(text));

        Assert.Empty(config.Validate());
        Assert.Equal(text, config.ToJson().ToIndentedString());
        Assert.Equal(config, UNet2DConfig.FromJson(config.ToJson()));
    }

    [Fact]
    public void AnOldFileGetsTheDefaultsOfToday()
    {
        var old = UNet2DConfig.FromJson(Goldens.Config("unet2d_celebahq_tiny_oldkeys"));

        Assert.Equal(UNet2DConfig.FromJson(Goldens.Config("unet2d_celebahq_tiny")) with { Unknown = old.Unknown }, old);
        Assert.Equal("0.1.1", old.ToJson()["_diffusers_version"].AsString());
    }

    [Fact]
    public void TheCourseConfigurationIsTheOneOfTheCourse() =>
        Assert.Equal(UNet2DConfig.FromJson(Goldens.Config("unet2d_mnist")) with { Unknown = default }, UNet2DConfig.Course);

    [Fact]
    public void AnEmptyFileIsDiffusersDefaultModel()
    {
        var config = UNet2DConfig.FromJson(JsonValue.EmptyObject);

        Assert.Equal(new UNet2DConfig(), config);
        Assert.Equal([224, 448, 672, 896], config.BlockOutChannels);
        Assert.Equal("AttnUpBlock2D", config.UpBlockTypes[0]);
        Assert.Empty(config.Validate());
    }

    [Fact]
    public void UnknownMembersAreKept()
    {
        var config = UNet2DConfig.FromJson(JsonValue.Parse("{\"_class_name\": \"UNet2DModel\", \"of_the_future\": [1e-05], \"in_channels\": 4}"));

        Assert.Equal(4, config.InChannels);
        Assert.Equal("[1e-05]", config.ToJson()["of_the_future"].ToString());
    }

    [Fact]
    public void AnotherModelsFileIsRefused()
    {
        var error = Assert.Throws<DiffusionException>(() => UNet2DConfig.FromJson(JsonValue.Parse("{\"_class_name\": \"AutoencoderKL\"}")));

        Assert.Equal("DIF0408: _class_name is \"AutoencoderKL\", and UNet2DModel is needed here; give the config.json of a UNet2DModel", error.Message);
    }

    [Fact]
    public void AllMembersOfAnotherKindAreTold()
    {
        var error = Assert.Throws<DiffusionException>(() => UNet2DConfig.FromJson(JsonValue.Parse("{\"in_channels\": \"three\", \"block_out_channels\": 32, \"sample_size\": [1, 2, 3]}")));

        Assert.Equal(["DIF0406", "DIF0406", "DIF0406"], error.Findings.Select(finding => finding.Rule.Id));
        Assert.Contains("DIF0406: in_channels of UNet2DModel is \"three\"; it takes a whole number, so write that or leave the key out for its default", error.Message);
    }

    [Fact]
    public void EveryFaultOfAConfigurationIsFound()
    {
        var config = UNet2DConfig.Course with
        {
            DownBlockTypes = EquatableArray.Of("DownBlock2D", "CrossAttnDownBlock2D"),
            TimeEmbeddingType = "learned",
            ActFn = "tanh",
            NormNumGroups = 24,
            Dropout = 1,
            MidBlockScaleFactor = 0,
            LayersPerBlock = 0,
        };

        Assert.Equal(
            [
                "DIF0401: down_block_types[1] is \"CrossAttnDownBlock2D\", which UNet2DModel does not have; choose one of DownBlock2D, ResnetDownsampleBlock2D, AttnDownBlock2D, SkipDownBlock2D, AttnSkipDownBlock2D",
                "DIF0402: down_block_types has 2 entries and block_out_channels has 3; a model has one of each per level, so give both the same number, at least 1",
                "DIF0404: act_fn is \"tanh\"; choose one of silu, swish, mish, gelu, relu",
                "DIF0405: layers_per_block is 0; choose 1 or more",
                "DIF0405: dropout is 1; choose a probability from 0 to below 1",
                "DIF0405: mid_block_scale_factor is 0; choose a positive number",
                "DIF0403: norm_num_groups is 24, and block_out_channels[0] is 32; a group norm needs a whole number of channels in each group, so choose a divisor of 32",
                "DIF0403: norm_num_groups is 24, and block_out_channels[1] is 64; a group norm needs a whole number of channels in each group, so choose a divisor of 64",
                "DIF0407: time_embedding_type is learned, and num_train_timesteps is null; give the number of timesteps of the table",
            ],
            config.Validate().Select(finding => finding.ToString()));
    }

    [Fact]
    public void ConditionsOfSkipBlocksAreChecked()
    {
        var skip = new UNet2DConfig(
            DownBlockTypes: EquatableArray.Of("SkipDownBlock2D", "AttnSkipDownBlock2D"),
            UpBlockTypes: EquatableArray.Of("AttnSkipUpBlock2D", "SkipUpBlock2D"),
            BlockOutChannels: EquatableArray.Of(32, 64),
            NormNumGroups: null);

        Assert.Empty(skip.Validate());
        Assert.Contains(skip.WithInChannels(1).Validate(), finding => finding.Rule == Rules.ConfigNeeds);
        Assert.Contains((skip with { BlockOutChannels = EquatableArray.Of(32, 48) }).Validate(), finding => finding.Rule == Rules.GroupsDoNotDivide);
        Assert.Contains((skip with { BlockOutChannels = EquatableArray.Of(38, 64) }).Validate(), finding => finding.Rule == Rules.ConfigOutOfRange);
        Assert.Contains((UNet2DConfig.Course with { NormNumGroups = null }).Validate(), finding => finding.Rule == Rules.ConfigNeeds);
    }

    [Fact]
    public void BlockTypesOfTheFirstCheckpointsAreKnown() =>
        Assert.Empty((UNet2DConfig.Course with { DownBlockTypes = EquatableArray.Of("UNetResDownBlock2D", "UNetResAttnDownBlock2D", "AttnDownBlock2D") }).Validate());
}
