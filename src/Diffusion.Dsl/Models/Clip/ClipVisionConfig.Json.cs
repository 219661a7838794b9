namespace Diffusion.Dsl;

public sealed partial record ClipVisionConfig
{
    /// <summary>Reads a vision tower's config.json, or <c>vision_config</c> of a whole CLIP's; what it lacks has its default, what this version does not know is kept.</summary>
    /// <param name="json">The object of the file.</param>
    /// <exception cref="DiffusionException">DIF0404: it is another model's. DIF0406: members have other kinds than they should (all are told).</exception>
    public static ClipVisionConfig FromJson(JsonValue json)
    {
        var read = new ConfigReader(ClipJson.Tower(json, ModelType, "vision_config"), "CLIPVisionModel");
        var config = new ClipVisionConfig(
            HiddenSize: read.Int("hidden_size", 768),
            IntermediateSize: read.Int("intermediate_size", 3072),
            ProjectionDim: read.Int("projection_dim", 512),
            NumHiddenLayers: read.Int("num_hidden_layers", 12),
            NumAttentionHeads: read.Int("num_attention_heads", 12),
            NumChannels: read.Int("num_channels", 3),
            ImageSize: read.Int("image_size", 224),
            PatchSize: read.Int("patch_size", 32),
            HiddenAct: read.String("hidden_act", ClipActivations.QuickGelu),
            LayerNormEps: read.Double("layer_norm_eps", 1e-5),
            AttentionDropout: read.Double("attention_dropout", 0),
            InitializerRange: read.Double("initializer_range", 0.02),
            InitializerFactor: read.Double("initializer_factor", 1));
        read.ThrowIfWrong();

        return config with { Unknown = ClipJson.Unknown(read) };
    }

    /// <summary>The object of a config.json that transformers reads: every key, unknown members as they came. <c>architectures</c> is written by the model.</summary>
    public JsonValue ToJson() => JsonValue.Object(
    [
        new("model_type", JsonValue.Of(ModelType)),
        new("hidden_size", JsonValue.Of(HiddenSize)),
        new("intermediate_size", JsonValue.Of(IntermediateSize)),
        new("projection_dim", JsonValue.Of(ProjectionDim)),
        new("num_hidden_layers", JsonValue.Of(NumHiddenLayers)),
        new("num_attention_heads", JsonValue.Of(NumAttentionHeads)),
        new("num_channels", JsonValue.Of(NumChannels)),
        new("image_size", JsonValue.Of(ImageSize)),
        new("patch_size", JsonValue.Of(PatchSize)),
        new("hidden_act", JsonValue.Of(HiddenAct)),
        new("layer_norm_eps", JsonValue.Of(LayerNormEps)),
        new("attention_dropout", JsonValue.Of(AttentionDropout)),
        new("initializer_range", JsonValue.Of(InitializerRange)),
        new("initializer_factor", JsonValue.Of(InitializerFactor)),
        .. Unknown,
    ]);
}
