using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Tests.Models;

public sealed class UNet2DConditionConfigTests
{
    [Theory]
    [InlineData("unetcond_classembed")]
    [InlineData("unetcond_inpaint9")]
    [InlineData("unetcond_sdxl")]
    public void AFileOfDiffusersIsWrittenBackMemberForMember(string name)
    {
        var json = Goldens.Config(name);
        var written = UNet2DConditionConfig.FromJson(json).ToJson();

        Assert.Equal(
            json.Members.Select(member => (member.Name, member.Value.ToString())).Order(),
            written.Members.Select(member => (member.Name, member.Value.ToString())).Order());
    }

    [Fact]
    public void WhatIsWrittenReadsBackAsTheSameConfiguration()
    {
        foreach (var config in new[] { UNet2DConditionConfig.Sd1, UNet2DConditionConfig.Sd2, UNet2DConditionConfig.Sdxl, TinyCondition.Config })
        {
            Assert.Equal(config, UNet2DConditionConfig.FromJson(config.ToJson()) with { Unknown = default });
            Assert.Empty(config.Validate());
        }
    }

    [Theory]
    [InlineData("\"dual_cross_attention\": true", "DIF0404")]
    [InlineData("\"encoder_hid_dim_type\": \"text_proj\"", "DIF0404")]
    [InlineData("\"in_channels\": \"four\"", "DIF0406")]
    [InlineData("\"_class_name\": \"UNet2DModel\"", "DIF0408")]
    public void WhatThisVersionHasNotIsRefused(string member, string id) =>
        Assert.Equal(id, Assert.Throws<DiffusionException>(() => UNet2DConditionConfig.FromJson(JsonValue.Parse("{" + member + "}"))).Id);

    [Fact]
    public void EverythingThatIsWrongIsTold()
    {
        var wrong = TinyCondition.Config with
        {
            DownBlockTypes = EquatableArray.Of("CrossAttnDownBlock2D", "AttnDownBlock2D", "DownBlock2D"),
            AttentionHeadDim = EquatableArray.Of(1, 2, 3),
            ActFn = "tanh",
            AdditionEmbedType = "text_time",
            Dropout = 1,
        };

        Assert.Equal(
            ["DIF0401", "DIF0402", "DIF0402", "DIF0404", "DIF0405", "DIF0407", "DIF0407"],
            wrong.Validate().Select(finding => finding.Rule.Id).Order());
        Assert.Equal(["DIF0405", "DIF0405"], TinyCondition.Config.WithHeads(3).Validate().Select(finding => finding.Rule.Id));
    }
}
