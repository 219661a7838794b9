namespace Diffusion.Dsl;

public sealed partial record VQModelConfig
{
    /// <summary>The name that config.json gives its class.</summary>
    public const string ClassName = "VQModel";

    /// <summary>Reads a VQModel's config.json; what it lacks has diffusers' default, what this version does not know is kept.</summary>
    /// <param name="json">The object of the file.</param>
    /// <exception cref="DiffusionException">DIF0408: it is another model's. DIF0406: members have other kinds than they should (all are told).</exception>
    public static VQModelConfig FromJson(JsonValue json)
    {
        var read = new ConfigReader(json, ClassName);
        read.ExpectClass();
        var config = new VQModelConfig(
            InChannels: read.Int("in_channels", 3),
            OutChannels: read.Int("out_channels", 3),
            DownBlockTypes: read.Strings("down_block_types", DefaultDownBlockTypes),
            UpBlockTypes: read.Strings("up_block_types", DefaultUpBlockTypes),
            BlockOutChannels: read.Ints("block_out_channels", DefaultBlockOutChannels),
            LayersPerBlock: read.Int("layers_per_block", 1),
            ActFn: read.String("act_fn", "silu"),
            LatentChannels: read.Int("latent_channels", 3),
            SampleSize: read.Size("sample_size"),
            NumVqEmbeddings: read.Int("num_vq_embeddings", 256),
            NormNumGroups: read.Int("norm_num_groups", 32),
            VqEmbedDim: read.OptionalInt("vq_embed_dim", null),
            ScalingFactor: read.Double("scaling_factor", 0.18215),
            NormType: read.String("norm_type", "group"),
            MidBlockAddAttention: read.Boolean("mid_block_add_attention", true),
            LookupFromCodebook: read.Boolean("lookup_from_codebook", false),
            ForceUpcast: read.Boolean("force_upcast", false));
        read.ThrowIfWrong();

        return config with { Unknown = read.Unknown };
    }

    /// <summary>The object of a config.json that diffusers reads: every key, unknown members as they came.</summary>
    public JsonValue ToJson() => JsonValue.Object(
    [
        new("_class_name", JsonValue.Of(ClassName)),
        new("_diffusers_version", JsonValue.Of("0.30.3")),
        new("in_channels", JsonValue.Of(InChannels)),
        new("out_channels", JsonValue.Of(OutChannels)),
        new("down_block_types", ConfigJson.Strings(DownBlockTypes)),
        new("up_block_types", ConfigJson.Strings(UpBlockTypes)),
        new("block_out_channels", ConfigJson.Ints(BlockOutChannels)),
        new("layers_per_block", JsonValue.Of(LayersPerBlock)),
        new("act_fn", JsonValue.Of(ActFn)),
        new("latent_channels", JsonValue.Of(LatentChannels)),
        new("sample_size", ConfigJson.OneOrInts(SampleSize)),
        new("num_vq_embeddings", JsonValue.Of(NumVqEmbeddings)),
        new("norm_num_groups", JsonValue.Of(NormNumGroups)),
        new("vq_embed_dim", ConfigJson.Optional(VqEmbedDim)),
        new("scaling_factor", JsonValue.Of(ScalingFactor)),
        new("norm_type", JsonValue.Of(NormType)),
        new("mid_block_add_attention", JsonValue.Of(MidBlockAddAttention)),
        new("lookup_from_codebook", JsonValue.Of(LookupFromCodebook)),
        new("force_upcast", JsonValue.Of(ForceUpcast)),
        .. Unknown,
    ]);
}
