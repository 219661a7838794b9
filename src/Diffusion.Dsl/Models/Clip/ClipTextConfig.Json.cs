namespace Diffusion.Dsl;

public sealed partial record ClipTextConfig
{
    /// <summary>Reads a text tower's config.json, or <c>text_config</c> of a whole CLIP's; what it lacks has its default, what this version does not know is kept.</summary>
    /// <param name="json">The object of the file.</param>
    /// <exception cref="DiffusionException">DIF0404: it is another model's. DIF0406: members have other kinds than they should (all are told).</exception>
    public static ClipTextConfig FromJson(JsonValue json)
    {
        var read = new ConfigReader(ClipJson.Tower(json, ModelType, "text_config"), "CLIPTextModel");
        var config = new ClipTextConfig(
            VocabSize: read.Int("vocab_size", 49408),
            HiddenSize: read.Int("hidden_size", 512),
            IntermediateSize: read.Int("intermediate_size", 2048),
            ProjectionDim: read.Int("projection_dim", 512),
            NumHiddenLayers: read.Int("num_hidden_layers", 12),
            NumAttentionHeads: read.Int("num_attention_heads", 8),
            MaxPositionEmbeddings: read.Int("max_position_embeddings", 77),
            HiddenAct: read.String("hidden_act", ClipActivations.QuickGelu),
            LayerNormEps: read.Double("layer_norm_eps", 1e-5),
            AttentionDropout: read.Double("attention_dropout", 0),
            InitializerRange: read.Double("initializer_range", 0.02),
            InitializerFactor: read.Double("initializer_factor", 1),
            PadTokenId: read.OptionalInt("pad_token_id", 1),
            BosTokenId: read.OptionalInt("bos_token_id", 49406),
            EosTokenId: read.Int("eos_token_id", 49407));
        read.ThrowIfWrong();

        return config with { Unknown = ClipJson.Unknown(read) };
    }

    /// <summary>The object of a config.json that transformers reads: every key, unknown members as they came. <c>architectures</c> is written by the model.</summary>
    public JsonValue ToJson() => JsonValue.Object(
    [
        new("model_type", JsonValue.Of(ModelType)),
        new("vocab_size", JsonValue.Of(VocabSize)),
        new("hidden_size", JsonValue.Of(HiddenSize)),
        new("intermediate_size", JsonValue.Of(IntermediateSize)),
        new("projection_dim", JsonValue.Of(ProjectionDim)),
        new("num_hidden_layers", JsonValue.Of(NumHiddenLayers)),
        new("num_attention_heads", JsonValue.Of(NumAttentionHeads)),
        new("max_position_embeddings", JsonValue.Of(MaxPositionEmbeddings)),
        new("hidden_act", JsonValue.Of(HiddenAct)),
        new("layer_norm_eps", JsonValue.Of(LayerNormEps)),
        new("attention_dropout", JsonValue.Of(AttentionDropout)),
        new("initializer_range", JsonValue.Of(InitializerRange)),
        new("initializer_factor", JsonValue.Of(InitializerFactor)),
        new("pad_token_id", PadTokenId is { } pad ? JsonValue.Of(pad) : JsonValue.Null),
        new("bos_token_id", BosTokenId is { } start ? JsonValue.Of(start) : JsonValue.Null),
        new("eos_token_id", JsonValue.Of(EosTokenId)),
        .. Unknown,
    ]);
}
