using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Values of autoencoders' config.json files.</summary>
internal static class AutoencoderJson
{
    public static JsonValue Size(EquatableArray<int> size) => size.Count == 1 ? JsonValue.Of(size[0]) : Ints(size);

    public static JsonValue Ints(IEnumerable<int> values) => JsonValue.Array(values.Select(value => JsonValue.Of(value)));

    public static JsonValue Strings(IEnumerable<string> values) => JsonValue.Array(values.Select(value => JsonValue.Of(value)));

    /// <summary>The numbers, or null where there are none.</summary>
    public static JsonValue Doubles(EquatableArray<double> values) => values.IsEmpty ? JsonValue.Null : JsonValue.Array(values.Select(value => JsonValue.Of(value)));

    public static JsonValue Optional(int? value) => value is { } number ? JsonValue.Of(number) : JsonValue.Null;

    public static JsonValue Optional(double? value) => value is { } number ? JsonValue.Of(number) : JsonValue.Null;
}
