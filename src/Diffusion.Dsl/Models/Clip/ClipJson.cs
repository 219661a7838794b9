using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>What the files of CLIP's configurations have in common.</summary>
internal static class ClipJson
{
    // Written by the models, which know their class; read from model_type.
    private static readonly HashSet<string> NotKept = ["architectures", "model_type"];

    /// <summary>The members of one tower: the file itself, or its section of a whole CLIP's file.</summary>
    /// <param name="json">The object of a config.json.</param>
    /// <param name="type">The tower's <c>model_type</c>.</param>
    /// <param name="section">The section's name.</param>
    /// <exception cref="DiffusionException">DIF0404: the file is another model's. DIF0406: the section is no object.</exception>
    public static JsonValue Tower(JsonValue json, string type, string section) => Type(json) switch
    {
        null => json,
        "clip" => Section(json, section),
        var found when found == type => json,
        var found => throw Rules.UnknownChoice.Error("model_type", found, type + ", clip"),
    };

    /// <summary>A section of a whole CLIP's file: what old files hold as <c>…_dict</c> too counts more, as in transformers.</summary>
    public static JsonValue Section(JsonValue json, string name) => JsonValue.Object(new[] { name, name + "_dict" }.SelectMany(key => json.Find(key) switch
    {
        null or { IsNull: true } => [],
        { Kind: JsonKind.Object } section => section.Members,
        var other => throw Rules.ConfigKindMismatch.Error(key, "CLIPModel", other, "an object"),
    }));

    /// <summary>The word at <c>model_type</c>, or null.</summary>
    public static string? Type(JsonValue json) => json.Find("model_type") is { Kind: JsonKind.String } type ? type.AsString() : null;

    /// <summary>The members that nobody asked for, without those that only the file's owner knows.</summary>
    public static EquatableArray<JsonMember> Unknown(ConfigReader read) => read.Unknown.Where(member => !NotKept.Contains(member.Name)).ToEquatableArray();
}
