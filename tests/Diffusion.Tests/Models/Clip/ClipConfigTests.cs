using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Tests.Models.Clip;

public sealed class ClipConfigTests
{
    [Theory]
    [InlineData("cliptext_sd1_quickgelu")]
    [InlineData("cliptextproj_sdxl")]
    public void ATextConfigurationKeepsEverythingOfItsFile(string model)
    {
        var file = Goldens.Config(model);
        var config = ClipTextConfig.FromJson(file);

        Assert.Equal(config, ClipTextConfig.FromJson(config.ToJson()));
        Assert.Equal(file.Without("architectures").ToIndentedString(), config.ToJson().ToIndentedString());
        Assert.Empty(config.Validate());
    }

    [Fact]
    public void AWholeConfigurationHasBothTowers()
    {
        var config = ClipConfig.FromJson(Goldens.Config("clipmodel"));

        Assert.Equal((32, 24, 16), (config.Text.HiddenSize, config.Vision.HiddenSize, config.ProjectionDim));
        Assert.Equal(config, ClipConfig.FromJson(config.ToJson()));
        Assert.Equal(config.Text, ClipTextConfig.FromJson(Goldens.Config("clipmodel")));
        Assert.Equal(config.Vision, ClipVisionConfig.FromJson(Goldens.Config("clipmodel")));
        Assert.Empty(config.Validate());
    }

    [Fact]
    public void OldSectionsCountMore()
    {
        var config = ClipConfig.FromJson(JsonValue.Parse("""
            { "model_type": "clip", "text_config": { "hidden_size": 64, "vocab_size": 9 }, "text_config_dict": { "hidden_size": 32 }, "vision_config": null, "vision_config_dict": null }
            """));

        Assert.Equal((32, 9), (config.Text.HiddenSize, config.Text.VocabSize));
        Assert.Equal(new ClipVisionConfig(), config.Vision);
        Assert.Empty(config.Unknown);
    }

    [Fact]
    public void TwoMeansTheTokenWithTheGreatestNumber()
    {
        Assert.True(ClipTextConfig.StableDiffusion1.EndIsGreatestId);
        Assert.False(new ClipTextConfig().EndIsGreatestId);
        Assert.Empty(new ClipTextConfig(VocabSize: 3).WithEosTokenId(2).Validate());
    }

    [Fact]
    public void AnotherModelsFileIsRefused()
    {
        var error = Assert.Throws<DiffusionException>(() => ClipTextConfig.FromJson(JsonValue.Parse("""{ "model_type": "bert" }""")));

        Assert.Equal("DIF0404: model_type is \"bert\"; choose one of clip_text_model, clip", error.Message);
        Assert.Equal("DIF0404", Assert.Throws<DiffusionException>(() => ClipVisionConfig.FromJson(JsonValue.Parse("""{ "model_type": "clip_text_model" }"""))).Id);
        Assert.Equal("DIF0404", Assert.Throws<DiffusionException>(() => ClipConfig.FromJson(JsonValue.Parse("""{ "model_type": "clip_text_model" }"""))).Id);
        Assert.Equal("DIF0406", Assert.Throws<DiffusionException>(() => ClipConfig.FromJson(JsonValue.Parse("""{ "text_config": 3 }"""))).Id);
        Assert.Equal("DIF0406", Assert.Throws<DiffusionException>(() => ClipTextConfig.FromJson(JsonValue.Parse("""{ "vocab_size": "many" }"""))).Id);
    }

    [Fact]
    public void EveryFaultOfAConfigurationIsFound()
    {
        var config = TinyClip.Whole
            .WithText(TinyClip.Text.WithHiddenAct("tanh").WithNumAttentionHeads(3).WithLayerNormEps(0).WithAttentionDropout(1).WithEosTokenId(40).WithNumHiddenLayers(0))
            .WithVision(TinyClip.Vision.WithPatchSize(3))
            .WithProjectionDim(0);

        Assert.Equal(
            [
                "DIF0405: projection_dim is 0; choose 1 or more",
                "DIF0405: text_config.num_hidden_layers is 0; choose 1 or more",
                "DIF0407: text_config.num_attention_heads is 3, and text_config.hidden_size is 16; heads share the width evenly, so choose a divisor of 16",
                "DIF0404: text_config.hidden_act is \"tanh\"; choose one of quick_gelu, gelu",
                "DIF0405: text_config.layer_norm_eps is 0; choose a small positive number such as 1e-05",
                "DIF0405: text_config.attention_dropout is 1; choose a probability from 0 to below 1",
                "DIF0405: text_config.eos_token_id is 40; choose a token of the vocabulary, 0 to 39, or 2 for the token with the greatest number of a text",
                "DIF0407: vision_config.patch_size is 3, and vision_config.image_size is 8; patches cover a picture, so choose a divisor of 8",
            ],
            config.Validate().Select(finding => finding.ToString()));
    }

    [Fact]
    public void EveryPropertyHasItsMethod()
    {
        var text = new ClipTextConfig().WithVocabSize(9).WithHiddenSize(8).WithIntermediateSize(7).WithProjectionDim(6).WithMaxPositionEmbeddings(5);
        var vision = new ClipVisionConfig().WithHiddenSize(8).WithIntermediateSize(7).WithProjectionDim(6).WithNumHiddenLayers(5).WithNumAttentionHeads(4).WithNumChannels(1)
            .WithImageSize(12).WithHiddenAct(ClipActivations.Gelu).WithLayerNormEps(1e-6).WithAttentionDropout(0.1);

        Assert.Equal(new ClipTextConfig(9, 8, 7, 6, MaxPositionEmbeddings: 5), text);
        Assert.Equal(new ClipVisionConfig(8, 7, 6, 5, 4, 1, 12, HiddenAct: "gelu", LayerNormEps: 1e-6, AttentionDropout: 0.1), vision);
        Assert.Equal(3, TinyClip.Whole.WithLogitScaleInitValue(3).LogitScaleInitValue);
    }
}
