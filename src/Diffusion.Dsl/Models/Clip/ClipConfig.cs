using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// The configuration of a whole CLIP (Radford et al. 2021, arXiv:2103.00020): a tower for texts, one for pictures, and the space they share.
/// </summary>
/// <param name="Text">The text tower, <c>text_config</c>.</param>
/// <param name="Vision">The vision tower, <c>vision_config</c>.</param>
/// <param name="ProjectionDim">Width P of the space they share; the towers' own numbers do not count here.</param>
/// <param name="LogitScaleInitValue">The logarithm of the first scale of similarities: ln(1 / 0.07), rounded.</param>
/// <param name="InitializerFactor">Scales the deviations of the projections' first values.</param>
/// <param name="Unknown">Members of the file that this version does not know; kept and written back.</param>
public sealed record ClipConfig(
    ClipTextConfig Text,
    ClipVisionConfig Vision,
    int ProjectionDim = 512,
    double LogitScaleInitValue = 2.6592,
    double InitializerFactor = 1,
    EquatableArray<JsonMember> Unknown = default)
{
    internal const string ModelType = "clip";

    /// <summary>CLIP ViT-B/32, OpenAI's smallest: 151,277,313 parameters, of which 63,428,096 are the text tower's and its projection's.</summary>
    public static ClipConfig VitB32 { get; } = new(new ClipTextConfig(BosTokenId: 0, EosTokenId: 2), ClipVisionConfig.VitB32);

    /// <summary>CLIP ViT-L/14, whose text tower is Stable Diffusion 1's: 427,616,513 parameters.</summary>
    public static ClipConfig VitL14 { get; } = new(ClipTextConfig.StableDiffusion1, ClipVisionConfig.VitL14, ProjectionDim: 768);

    /// <summary>
    /// Reads a whole CLIP's config.json; what it lacks has its default, what this version does not know is kept. Of <c>text_config_dict</c> and
    /// <c>vision_config_dict</c>, which old files hold too, each value counts more than the section's, as in transformers.
    /// </summary>
    /// <param name="json">The object of the file.</param>
    /// <exception cref="DiffusionException">DIF0404: it is another model's. DIF0406: members have other kinds than they should (all of an object are told).</exception>
    public static ClipConfig FromJson(JsonValue json)
    {
        if (ClipJson.Type(json) is { } type && type != ModelType)
            throw Rules.UnknownChoice.Error("model_type", type, ModelType);

        var read = new ConfigReader(json, "CLIPModel");
        var config = new ClipConfig(
            ClipTextConfig.FromJson(ClipJson.Section(json, "text_config")),
            ClipVisionConfig.FromJson(ClipJson.Section(json, "vision_config")),
            ProjectionDim: read.Int("projection_dim", 512),
            LogitScaleInitValue: read.Double("logit_scale_init_value", 2.6592),
            InitializerFactor: read.Double("initializer_factor", 1));
        read.ThrowIfWrong();

        return config with { Unknown = ClipJson.Unknown(read).Where(member => !IsSection(member.Name)).ToEquatableArray() };
    }

    /// <summary>The object of a config.json that transformers reads: every key, unknown members as they came. <c>architectures</c> is written by the model.</summary>
    public JsonValue ToJson() => JsonValue.Object(
    [
        new("model_type", JsonValue.Of(ModelType)),
        new("text_config", Text.ToJson()),
        new("vision_config", Vision.ToJson()),
        new("projection_dim", JsonValue.Of(ProjectionDim)),
        new("logit_scale_init_value", JsonValue.Of(LogitScaleInitValue)),
        new("initializer_factor", JsonValue.Of(InitializerFactor)),
        .. Unknown,
    ]);

    /// <summary>Everything that is wrong with this configuration and its towers'; empty where a model can be built from it.</summary>
    public EquatableArray<Finding> Validate() =>
        new ClipFindings("").AtLeastOne("projection_dim", ProjectionDim).Concat(Text.Findings("text_config.")).Concat(Vision.Findings("vision_config.")).ToEquatableArray();

    /// <summary>This configuration with another text tower.</summary>
    /// <param name="text">The tower.</param>
    public ClipConfig WithText(ClipTextConfig text) => this with { Text = text };

    /// <summary>This configuration with another vision tower.</summary>
    /// <param name="vision">The tower.</param>
    public ClipConfig WithVision(ClipVisionConfig vision) => this with { Vision = vision };

    /// <summary>This configuration with another space for texts and pictures.</summary>
    /// <param name="size">P, at least 1.</param>
    public ClipConfig WithProjectionDim(int size) => this with { ProjectionDim = size };

    /// <summary>This configuration with another first scale of similarities.</summary>
    /// <param name="logarithm">Its natural logarithm.</param>
    public ClipConfig WithLogitScaleInitValue(double logarithm) => this with { LogitScaleInitValue = logarithm };

    /// <summary>This configuration with first values of the projections of another size.</summary>
    /// <param name="factor">Scales their deviations.</param>
    public ClipConfig WithInitializerFactor(double factor) => this with { InitializerFactor = factor };

    private static bool IsSection(string name) => name is "text_config" or "vision_config" or "text_config_dict" or "vision_config_dict";
}
