using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Values of models' config.json files.</summary>
internal static class ConfigJson
{
    /// <summary>One number alone, several as a list, none as null.</summary>
    public static JsonValue OneOrInts(EquatableArray<int> values) => values.Count switch
    {
        0 => JsonValue.Null,
        1 => JsonValue.Of(values[0]),
        _ => Ints(values),
    };

    public static JsonValue Ints(IEnumerable<int> values) => JsonValue.Array(values.Select(value => JsonValue.Of(value)));

    public static JsonValue Strings(IEnumerable<string> values) => JsonValue.Array(values.Select(value => JsonValue.Of(value)));

    /// <summary>The numbers, or null where there are none.</summary>
    public static JsonValue Doubles(EquatableArray<double> values) => values.IsEmpty ? JsonValue.Null : JsonValue.Array(values.Select(value => JsonValue.Of(value)));

    public static JsonValue Optional(int? value) => value is { } number ? JsonValue.Of(number) : JsonValue.Null;

    public static JsonValue Optional(string? value) => value is null ? JsonValue.Null : JsonValue.Of(value);

    /// <summary>Without a fraction where there is none: Python's int 1, which is what nearly every file holds.</summary>
    public static JsonValue WholeOrFloat(double value) => value.Equals((double)(long)value) ? JsonValue.Of((long)value) : JsonValue.Of(value);

    public static JsonValue Optional(double? value) => value is { } number ? JsonValue.Of(number) : JsonValue.Null;
}
