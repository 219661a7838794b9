namespace Diffusion.Dsl;

/// <summary>What the compiler needs to know of a UNet: a few values of its config.json.</summary>
/// <param name="InChannels"><c>in_channels</c>: C of the input [N, C, H, W].</param>
/// <param name="OutChannels"><c>out_channels</c>; twice the sample's channels where the variance is learned.</param>
/// <param name="SampleHeight">H of <c>sample_size</c>, in latent pixels where there is a VAE; null: any.</param>
/// <param name="SampleWidth">W of <c>sample_size</c>; null: any.</param>
/// <param name="CrossAttentionDim"><c>cross_attention_dim</c>, or <c>encoder_hid_dim</c> where the network projects the text first: the width of the text vectors; null: it takes no text.</param>
/// <param name="ClassName">The class, such as <c>UNet2DModel</c>.</param>
/// <param name="Classes">The number of classes, whose labels the network is told; null: it takes none.</param>
/// <param name="NullClass">The label that means «no label», with which classifier-free guidance compares; null: there is none.</param>
public sealed record UnetFacts(
    int InChannels,
    int OutChannels,
    int? SampleHeight = null,
    int? SampleWidth = null,
    int? CrossAttentionDim = null,
    string ClassName = "UNet2DModel",
    int? Classes = null,
    int? NullClass = null)
{
    /// <summary><c>addition_embed_type</c>: what the network reads besides text vectors, such as <c>text_time</c> in SDXL; null: nothing.</summary>
    internal string? AdditionEmbedType { get; init; }

    /// <summary>These facts for a network that is told classes, or for one that is not.</summary>
    /// <param name="classes">The number of classes; null: it takes none.</param>
    /// <param name="nullClass">The label that means «no label», usually the one behind the classes; null: there is none.</param>
    public UnetFacts WithClasses(int? classes, int? nullClass = null) => this with { Classes = classes, NullClass = nullClass };

    /// <summary>The facts of a config.json.</summary>
    /// <param name="json">The object.</param>
    public static UnetFacts Read(JsonValue json)
    {
        var className = json.Find("_class_name") is { IsNull: false } name ? name.AsString() : "UNet2DModel";
        if (className == ClassConditionedUNetConfig.ClassName)
        {
            var config = ClassConditionedUNetConfig.FromJson(json);
            return Read(config.Unet.ToJson()) with { ClassName = className, Classes = config.Classes, NullClass = config.NullLabel };
        }

        var conditional = className == "UNet2DConditionModel";
        var size = json.Find("sample_size");
        var isPair = size?.Kind == JsonKind.Array;
        var (height, width) = size is null or { IsNull: true } ? ((int?)null, (int?)null) : isPair ? (size.Items[0].AsInt(), size.Items[1].AsInt()) : (size.AsInt(), size.AsInt());
        var standard = conditional ? 4 : 3;
        return new UnetFacts(
            json.Find("in_channels")?.AsInt() ?? standard,
            json.Find("out_channels")?.AsInt() ?? standard,
            height,
            width,
            conditional ? Width(json.Find("encoder_hid_dim") is { IsNull: false } projected ? projected : json.Find("cross_attention_dim")) : null,
            conditional ? "UNet2DConditionModel" : "UNet2DModel",
            conditional || json.Find("class_embed_type") is { IsNull: false } ? null : json.Find("num_class_embeds") is { IsNull: false } classes ? classes.AsInt() : null)
        {
            AdditionEmbedType = conditional && json.Find("addition_embed_type") is { IsNull: false } more ? more.AsString() : null,
        };
    }

    private static int Width(JsonValue? value) => value switch
    {
        null or { IsNull: true } => 1280,
        { Kind: JsonKind.Array } list => list.Items[0].AsInt(),
        _ => value.AsInt(),
    };
}
