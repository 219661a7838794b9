using System.Linq;

namespace Diffusion.Dsl;

/// <summary>The pictures of a receipt as JSON: what is not said is left out.</summary>
internal static class ReceiptPictureJson
{
    public static JsonValue Write(ReceiptPicture picture) => Fields.Object(
        Fields.Of("seed", picture.Seed),
        Fields.Of("prompt", picture.Prompt),
        Fields.Of("parts", picture.Parts.Select(Write).ToArray()),
        Fields.Of("negative", picture.Negative),
        Fields.Of("scale", picture.Scale),
        Fields.Of("label", picture.Label),
        Fields.Of("from", Write(picture.From)),
        Fields.Of("mask", Write(picture.Mask)),
        Fields.Of("depth", Write(picture.Depth)),
        Fields.Of("noiseLevel", picture.NoiseLevel),
        Fields.Of("towards", picture.Towards),
        Fields.Of("share", picture.Share));

    public static ReceiptPicture Read(JsonValue json) => new(json["seed"].AsLong())
    {
        Prompt = Fields.Words(json, "prompt"),
        Parts = Fields.List(json, "parts").Select(Part).ToEquatableArray(),
        Negative = Fields.Words(json, "negative"),
        Scale = Fields.Number(json, "scale"),
        Label = Fields.Integer(json, "label"),
        From = Hash(json, "from"),
        Mask = Hash(json, "mask"),
        Depth = Hash(json, "depth"),
        NoiseLevel = Fields.Integer(json, "noiseLevel"),
        Towards = Fields.Find(json, "towards")?.AsLong(),
        Share = Fields.Number(json, "share"),
    };

    private static JsonValue Write(PromptPart part) => Fields.Object(
        Fields.Of("text", part.Text),
        Fields.Of("weight", (double?)part.Weight),
        Fields.Of("replacements", part.Replacements.Select(Write).ToArray()));

    private static JsonValue Write(TokenReplacement replacement) =>
        Fields.Object(Fields.Of("token", replacement.Token), Fields.Of("replacement", replacement.Replacement), Fields.Of("share", (double?)replacement.Share));

    private static JsonValue? Write(PixelHash? hash) => hash is null ? null
        : Fields.Object(Fields.Of("width", hash.Width), Fields.Of("height", hash.Height), Fields.Of("channels", hash.Channels), Fields.Of("sha256", hash.Sha256));

    private static PromptPart Part(JsonValue json) => new(json["text"].AsString(), OptionJson.Number(json["weight"]))
    {
        Replacements = Fields.List(json, "replacements").Select(Replacement).ToEquatableArray(),
    };

    private static TokenReplacement Replacement(JsonValue json) => new(json["token"].AsString(), json["replacement"].AsString(), OptionJson.Number(json["share"]));

    private static PixelHash? Hash(JsonValue json, string name) => Fields.Find(json, name) is { } hash
        ? new(hash["width"].AsInt(), hash["height"].AsInt(), hash["channels"].AsInt(), hash["sha256"].AsString())
        : null;
}
