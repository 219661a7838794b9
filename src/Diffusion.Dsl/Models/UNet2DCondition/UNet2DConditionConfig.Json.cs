using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

public sealed partial record UNet2DConditionConfig
{
    internal const string ClassName = "UNet2DConditionModel";

    // Members of which one value is known here: another would be another network.
    private static readonly JsonMember[] Fixed =
    [
        new("attention_type", JsonValue.Of("default")),
        new("class_embeddings_concat", JsonValue.Of(false)),
        new("cross_attention_norm", JsonValue.Null),
        new("dual_cross_attention", JsonValue.Of(false)),
        new("encoder_hid_dim", JsonValue.Null),
        new("encoder_hid_dim_type", JsonValue.Null),
        new("resnet_out_scale_factor", JsonValue.Of(1.0)),
        new("resnet_skip_time_act", JsonValue.Of(false)),
        new("reverse_transformer_layers_per_block", JsonValue.Null),
        new("time_embedding_act_fn", JsonValue.Null),
        new("time_embedding_type", JsonValue.Of("positional")),
        new("timestep_post_act", JsonValue.Null),
    ];

    /// <summary>Reads a UNet2DConditionModel's config.json; what it lacks has diffusers' default, what this version does not know is kept.</summary>
    /// <param name="json">The object of the file.</param>
    /// <exception cref="DiffusionException">DIF0408: it is another model's. DIF0406: members have other kinds than they should (all are told). DIF0404: a member asks for a network that this version does not have.</exception>
    public static UNet2DConditionConfig FromJson(JsonValue json)
    {
        var read = new ConfigReader(json, ClassName);
        read.ExpectClass();
        foreach (var member in Fixed)
            read.Expect(member);
        var config = new UNet2DConditionConfig(
            SampleSize: read.Size("sample_size"),
            InChannels: read.Int("in_channels", 4),
            OutChannels: read.Int("out_channels", 4),
            CenterInputSample: read.Boolean("center_input_sample", false),
            FlipSinToCos: read.Boolean("flip_sin_to_cos", true),
            FreqShift: read.Int("freq_shift", 0),
            DownBlockTypes: read.Strings("down_block_types", DefaultDownBlockTypes),
            MidBlockType: read.OptionalString("mid_block_type", "UNetMidBlock2DCrossAttn"),
            UpBlockTypes: read.Strings("up_block_types", DefaultUpBlockTypes),
            OnlyCrossAttention: read.OneOrFlags("only_cross_attention"),
            BlockOutChannels: read.Ints("block_out_channels", DefaultBlockOutChannels),
            LayersPerBlock: read.OneOrInts("layers_per_block"),
            DownsamplePadding: read.Int("downsample_padding", 1),
            MidBlockScaleFactor: read.Double("mid_block_scale_factor", 1),
            Dropout: read.Double("dropout", 0),
            ActFn: read.String("act_fn", "silu"),
            NormNumGroups: read.Int("norm_num_groups", 32),
            NormEps: read.Double("norm_eps", 1e-5),
            CrossAttentionDim: read.OneOrInts("cross_attention_dim"),
            TransformerLayersPerBlock: read.OneOrInts("transformer_layers_per_block"),
            AttentionHeadDim: read.OneOrInts("attention_head_dim"),
            NumAttentionHeads: read.OneOrInts("num_attention_heads"),
            UseLinearProjection: read.Boolean("use_linear_projection", false),
            ClassEmbedType: read.OptionalString("class_embed_type", null),
            AdditionEmbedType: read.OptionalString("addition_embed_type", null),
            AdditionTimeEmbedDim: read.OptionalInt("addition_time_embed_dim", null),
            NumClassEmbeds: read.OptionalInt("num_class_embeds", null),
            UpcastAttention: read.OptionalBoolean("upcast_attention", false),
            ResnetTimeScaleShift: read.String("resnet_time_scale_shift", "default"),
            TimeEmbeddingDim: read.OptionalInt("time_embedding_dim", null),
            TimeCondProjDim: read.OptionalInt("time_cond_proj_dim", null),
            ConvInKernel: read.Int("conv_in_kernel", 3),
            ConvOutKernel: read.Int("conv_out_kernel", 3),
            ProjectionClassEmbeddingsInputDim: read.OptionalInt("projection_class_embeddings_input_dim", null));
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
        new("flip_sin_to_cos", JsonValue.Of(FlipSinToCos)),
        new("freq_shift", JsonValue.Of(FreqShift)),
        new("down_block_types", ConfigJson.Strings(DownBlockTypes)),
        new("mid_block_type", ConfigJson.Optional(MidBlockType)),
        new("up_block_types", ConfigJson.Strings(UpBlockTypes)),
        new("only_cross_attention", OnlyCrossAttention.Count == 1 ? JsonValue.Of(OnlyCrossAttention[0] != 0) : JsonValue.Array(OnlyCrossAttention.Select(flag => JsonValue.Of(flag != 0)))),
        new("block_out_channels", ConfigJson.Ints(BlockOutChannels)),
        new("layers_per_block", ConfigJson.OneOrInts(LayersPerBlock)),
        new("downsample_padding", JsonValue.Of(DownsamplePadding)),
        new("mid_block_scale_factor", ConfigJson.WholeOrFloat(MidBlockScaleFactor)),
        new("dropout", JsonValue.Of(Dropout)),
        new("act_fn", JsonValue.Of(ActFn)),
        new("norm_num_groups", JsonValue.Of(NormNumGroups)),
        new("norm_eps", JsonValue.Of(NormEps)),
        new("cross_attention_dim", ConfigJson.OneOrInts(CrossAttentionDim)),
        new("transformer_layers_per_block", ConfigJson.OneOrInts(TransformerLayersPerBlock)),
        new("attention_head_dim", ConfigJson.OneOrInts(AttentionHeadDim)),
        new("num_attention_heads", ConfigJson.OneOrInts(NumAttentionHeads)),
        new("use_linear_projection", JsonValue.Of(UseLinearProjection)),
        new("class_embed_type", ConfigJson.Optional(ClassEmbedType)),
        new("addition_embed_type", ConfigJson.Optional(AdditionEmbedType)),
        new("addition_time_embed_dim", ConfigJson.Optional(AdditionTimeEmbedDim)),
        new("num_class_embeds", ConfigJson.Optional(NumClassEmbeds)),
        new("upcast_attention", JsonValue.Of(UpcastAttention)),
        new("resnet_time_scale_shift", JsonValue.Of(ResnetTimeScaleShift)),
        new("time_embedding_dim", ConfigJson.Optional(TimeEmbeddingDim)),
        new("time_cond_proj_dim", ConfigJson.Optional(TimeCondProjDim)),
        new("conv_in_kernel", JsonValue.Of(ConvInKernel)),
        new("conv_out_kernel", JsonValue.Of(ConvOutKernel)),
        new("projection_class_embeddings_input_dim", ConfigJson.Optional(ProjectionClassEmbeddingsInputDim)),
        .. Fixed,
        .. Unknown,
    ]);
}
