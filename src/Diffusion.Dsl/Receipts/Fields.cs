using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Objects of a receipt: members that are not said are left out, and members that are not known are refused, for they would change the meaning.</summary>
internal static class Fields
{
    public static JsonValue Object(params JsonMember?[] members) => JsonValue.Object(members.OfType<JsonMember>());

    public static JsonMember? Of(string name, JsonValue? value) => value is null ? null : new(name, value);

    public static JsonMember? Of(string name, string? value) => value is null ? null : new(name, JsonValue.Of(value));

    public static JsonMember? Of(string name, long? value) => value is { } number ? new(name, JsonValue.Of(number)) : null;

    public static JsonMember? Of(string name, double? value) => value is { } number ? new(name, OptionJson.Number(number)) : null;

    /// <summary>A list, left out where it is empty.</summary>
    public static JsonMember? Of(string name, IReadOnlyCollection<JsonValue> values) => values.Count == 0 ? null : new(name, JsonValue.Array(values));

    /// <summary>A flag, left out where it is not set.</summary>
    public static JsonMember? Flag(string name, bool value) => value ? new(name, JsonValue.True) : null;

    /// <summary>The object, if all its members are known.</summary>
    /// <exception cref="DiffusionException">DIF0464: one is not. DIF0581: it is no object.</exception>
    public static JsonValue Known(JsonValue json, string what, params string[] names)
    {
        var unknown = json.AsObject().FirstOrDefault(member => !names.Contains(member.Name));
        return unknown is null ? json : throw Rules.ReceiptUnknownName.Error("member of the " + what, unknown.Name, string.Join(", ", names));
    }

    public static JsonValue? Find(JsonValue json, string name) => json.Find(name) is { IsNull: false } value ? value : null;

    public static string? Words(JsonValue json, string name) => Find(json, name)?.AsString();

    public static int? Integer(JsonValue json, string name) => Find(json, name)?.AsInt();

    public static double? Number(JsonValue json, string name) => Find(json, name) is { } value ? OptionJson.Number(value) : null;

    public static bool Flag(JsonValue json, string name) => Find(json, name)?.AsBoolean() ?? false;

    public static EquatableArray<JsonValue> List(JsonValue json, string name) => Find(json, name)?.AsArray() ?? default;
}
