using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

public sealed partial record UNet2DConfig
{
    private const string ClassName = "UNet2DModel";

    /// <summary>Reads a UNet2DModel's config.json; what it lacks has diffusers' default, what this version does not know is kept.</summary>
    /// <param name="json">The object of the file.</param>
    /// <exception cref="DiffusionException">DIF0408: it is another model's. DIF0406: members have other kinds than they should (all are told).</exception>
    public static UNet2DConfig FromJson(JsonValue json)
    {
        var read = new ConfigReader(json, ClassName);
        read.ExpectClass();
        var config = new UNet2DConfig(
            SampleSize: read.Size("sample_size"),
            InChannels: read.Int("in_channels", 3),
            OutChannels: read.Int("out_channels", 3),
            CenterInputSample: read.Boolean("center_input_sample", false),
            TimeEmbeddingType: read.String("time_embedding_type", "positional"),
            FreqShift: read.Int("freq_shift", 0),
            FlipSinToCos: read.Boolean("flip_sin_to_cos", true),
            DownBlockTypes: read.Strings("down_block_types", DefaultDownBlockTypes),
            UpBlockTypes: read.Strings("up_block_types", DefaultUpBlockTypes),
            BlockOutChannels: read.Ints("block_out_channels", DefaultBlockOutChannels),
            LayersPerBlock: read.Int("layers_per_block", 2),
            MidBlockScaleFactor: read.Double("mid_block_scale_factor", 1),
            DownsamplePadding: read.Int("downsample_padding", 1),
            DownsampleType: read.String("downsample_type", "conv"),
            UpsampleType: read.String("upsample_type", "conv"),
            Dropout: read.Double("dropout", 0),
            ActFn: read.String("act_fn", "silu"),
            AttentionHeadDim: read.OptionalInt("attention_head_dim", 8),
            NormNumGroups: read.OptionalInt("norm_num_groups", 32),
            AttnNormNumGroups: read.OptionalInt("attn_norm_num_groups", null),
            NormEps: read.Double("norm_eps", 1e-5),
            ResnetTimeScaleShift: read.String("resnet_time_scale_shift", "default"),
            AddAttention: read.Boolean("add_attention", true),
            ClassEmbedType: read.OptionalString("class_embed_type", null),
            NumClassEmbeds: read.OptionalInt("num_class_embeds", null),
            NumTrainTimesteps: read.OptionalInt("num_train_timesteps", null));
        config = config
            .WithGroupNorms(read.Boolean("group_norms", true))
            .WithTimeConditioning(read.Boolean("time_conditioning", true))
            .WithLearnedResampling(read.Boolean("learned_resampling", true));
        read.ThrowIfWrong();

        return config with { Unknown = read.Unknown };
    }

    /// <summary>The object of a config.json that diffusers reads: every key, unknown members as they came.</summary>
    public JsonValue ToJson() => JsonValue.Object(
    [
        new("_class_name", JsonValue.Of(ClassName)),
        new("_diffusers_version", JsonValue.Of("0.30.3")),
        new("sample_size", ConfigJson.OneOrInts(SampleSize)),
        new("in_channels", JsonValue.Of(InChannels)),
        new("out_channels", JsonValue.Of(OutChannels)),
        new("center_input_sample", JsonValue.Of(CenterInputSample)),
        new("time_embedding_type", JsonValue.Of(TimeEmbeddingType)),
        new("freq_shift", JsonValue.Of(FreqShift)),
        new("flip_sin_to_cos", JsonValue.Of(FlipSinToCos)),
        new("down_block_types", ConfigJson.Strings(DownBlockTypes)),
        new("up_block_types", ConfigJson.Strings(UpBlockTypes)),
        new("block_out_channels", ConfigJson.Ints(BlockOutChannels)),
        new("layers_per_block", JsonValue.Of(LayersPerBlock)),
        new("mid_block_scale_factor", ConfigJson.WholeOrFloat(MidBlockScaleFactor)),
        new("downsample_padding", JsonValue.Of(DownsamplePadding)),
        new("downsample_type", JsonValue.Of(DownsampleType)),
        new("upsample_type", JsonValue.Of(UpsampleType)),
        new("dropout", JsonValue.Of(Dropout)),
        new("act_fn", JsonValue.Of(ActFn)),
        new("attention_head_dim", ConfigJson.Optional(AttentionHeadDim)),
        new("norm_num_groups", ConfigJson.Optional(NormNumGroups)),
        new("attn_norm_num_groups", ConfigJson.Optional(AttnNormNumGroups)),
        new("norm_eps", JsonValue.Of(NormEps)),
        new("resnet_time_scale_shift", JsonValue.Of(ResnetTimeScaleShift)),
        new("add_attention", JsonValue.Of(AddAttention)),
        new("class_embed_type", ConfigJson.Optional(ClassEmbedType)),
        new("num_class_embeds", ConfigJson.Optional(NumClassEmbeds)),
        new("num_train_timesteps", ConfigJson.Optional(NumTrainTimesteps)),
        .. OwnMembers(),
        .. Unknown,
    ]);
}
