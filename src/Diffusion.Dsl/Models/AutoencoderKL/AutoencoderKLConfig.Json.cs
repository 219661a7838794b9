namespace Diffusion.Dsl;

public sealed partial record AutoencoderKLConfig
{
    /// <summary>The name that config.json gives its class.</summary>
    public const string ClassName = "AutoencoderKL";

    /// <summary>Reads an AutoencoderKL's config.json; what it lacks has diffusers' default, what this version does not know is kept.</summary>
    /// <param name="json">The object of the file.</param>
    /// <exception cref="DiffusionException">DIF0408: it is another model's. DIF0406: members have other kinds than they should (all are told).</exception>
    public static AutoencoderKLConfig FromJson(JsonValue json)
    {
        var read = new ConfigReader(json, ClassName);
        read.ExpectClass();
        var config = new AutoencoderKLConfig(
            InChannels: read.Int("in_channels", 3),
            OutChannels: read.Int("out_channels", 3),
            DownBlockTypes: read.Strings("down_block_types", DefaultDownBlockTypes),
            UpBlockTypes: read.Strings("up_block_types", DefaultUpBlockTypes),
            BlockOutChannels: read.Ints("block_out_channels", DefaultBlockOutChannels),
            LayersPerBlock: read.Int("layers_per_block", 1),
            ActFn: read.String("act_fn", "silu"),
            LatentChannels: read.Int("latent_channels", 4),
            NormNumGroups: read.Int("norm_num_groups", 32),
            SampleSize: read.Size("sample_size"),
            ScalingFactor: read.Double("scaling_factor", 0.18215),
            ShiftFactor: read.OptionalDouble("shift_factor", null),
            LatentsMean: read.OptionalDoubles("latents_mean"),
            LatentsStd: read.OptionalDoubles("latents_std"),
            ForceUpcast: read.Boolean("force_upcast", true),
            UseQuantConv: read.Boolean("use_quant_conv", true),
            UsePostQuantConv: read.Boolean("use_post_quant_conv", true),
            MidBlockAddAttention: read.Boolean("mid_block_add_attention", true));
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
        new("norm_num_groups", JsonValue.Of(NormNumGroups)),
        new("sample_size", ConfigJson.OneOrInts(SampleSize)),
        new("scaling_factor", JsonValue.Of(ScalingFactor)),
        new("shift_factor", ConfigJson.Optional(ShiftFactor)),
        new("latents_mean", ConfigJson.Doubles(LatentsMean)),
        new("latents_std", ConfigJson.Doubles(LatentsStd)),
        new("force_upcast", JsonValue.Of(ForceUpcast)),
        new("use_quant_conv", JsonValue.Of(UseQuantConv)),
        new("use_post_quant_conv", JsonValue.Of(UsePostQuantConv)),
        new("mid_block_add_attention", JsonValue.Of(MidBlockAddAttention)),
        .. Unknown,
    ]);
}
