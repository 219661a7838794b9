using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// An immutable JSON value with structural equality. Numbers keep the text they were written with and objects the order of their members, so
/// that a file read and written again has the same bytes; two values are equal when their compact texts are.
/// </summary>
public sealed partial class JsonValue : IEquatable<JsonValue>
{
    // Below this many members a scan is faster than a dictionary.
    private const int ScanLimit = 12;

    private readonly string _text;
    private readonly Lazy<Dictionary<string, JsonValue>> _byName;

    private JsonValue(JsonKind kind, string text, EquatableArray<JsonValue> items, EquatableArray<JsonMember> members)
    {
        Kind = kind;
        _text = text;
        Items = items;
        Members = members;
        _byName = new(() => Members.ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal));
    }

    /// <summary>What this value is.</summary>
    public JsonKind Kind { get; }

    /// <summary>The elements of an array, in order; empty for every other kind.</summary>
    public EquatableArray<JsonValue> Items { get; }

    /// <summary>The members of an object, in the order of the text; empty for every other kind.</summary>
    public EquatableArray<JsonMember> Members { get; }

    /// <summary>Whether this is <c>null</c>.</summary>
    public bool IsNull => Kind == JsonKind.Null;

    /// <summary>Whether this is a number written without fraction and exponent, as Python writes an <c>int</c>.</summary>
    public bool IsInteger => Kind == JsonKind.Number && _text.All(c => c is '-' or (>= '0' and <= '9'));

    /// <summary>The member called <paramref name="name"/>.</summary>
    /// <param name="name">The member's name, case-sensitive.</param>
    /// <exception cref="DiffusionException">DIF0582: there is no such member. DIF0581: this is not an object.</exception>
    public JsonValue this[string name] =>
        Need(JsonKind.Object).Find(name) ?? throw Rules.JsonMemberMissing.Error(name, Members.IsEmpty ? "none" : string.Join(", ", Members.Select(member => Quote(member.Name))));

    /// <summary>Reads strict JSON, plus the bare words <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> as Python writes them.</summary>
    /// <param name="text">The whole text. A member that occurs twice has its last value, as in Python.</param>
    /// <param name="source">What the text is, for the error: a file name.</param>
    /// <exception cref="DiffusionException">DIF0580: the text is not JSON, with line and column, or is nested deeper than 256.</exception>
    public static JsonValue Parse(string text, string source = "the text") => new JsonParser(text, source).Parse();

    /// <summary>The member called <paramref name="name"/>, or null where there is none or this is not an object.</summary>
    /// <param name="name">The member's name, case-sensitive.</param>
    public JsonValue? Find(string name) =>
        Members.Count > ScanLimit
            ? _byName.Value.TryGetValue(name, out var found) ? found : null
            : Members.FirstOrDefault(member => member.Name == name)?.Value;

    /// <summary>This number as a double, rounded to nearest.</summary>
    /// <exception cref="DiffusionException">DIF0581: this is not a number.</exception>
    public double AsDouble() => Need(JsonKind.Number)._text switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        var text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
            : text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity, // .NET Framework refuses what overflows
    };

    /// <summary>This number as an int; <c>28.0</c> counts as whole.</summary>
    /// <exception cref="DiffusionException">DIF0581: this is not a whole number between −2³¹ and 2³¹ − 1.</exception>
    public int AsInt() => AsLong() is var value && value >= int.MinValue && value <= int.MaxValue ? (int)value : throw Mismatch("a whole number of at most 31 bits");

    /// <summary>This number as a long; <c>28.0</c> counts as whole.</summary>
    /// <exception cref="DiffusionException">DIF0581: this is not a whole number of at most 63 bits.</exception>
    public long AsLong()
    {
        if (Kind == JsonKind.Number && long.TryParse(_text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return value;

        // Beyond 2^53 a double no longer tells neighbouring whole numbers apart.
        if (Kind == JsonKind.Number && AsDouble() is var number && Math.Abs(number) <= 9007199254740992d && Math.Floor(number).Equals(number))
            return (long)number;

        throw Mismatch("a whole number");
    }

    /// <summary>This value as a bool.</summary>
    /// <exception cref="DiffusionException">DIF0581: this is neither true nor false.</exception>
    public bool AsBoolean() => Need(JsonKind.Boolean)._text == "true";

    /// <summary>This value as a text, without quotes and escapes.</summary>
    /// <exception cref="DiffusionException">DIF0581: this is not a string.</exception>
    public string AsString() => Need(JsonKind.String)._text;

    /// <summary>The elements of this array.</summary>
    /// <exception cref="DiffusionException">DIF0581: this is not an array.</exception>
    internal EquatableArray<JsonValue> AsArray() => Need(JsonKind.Array).Items;

    /// <summary>The members of this object.</summary>
    /// <exception cref="DiffusionException">DIF0581: this is not an object.</exception>
    internal EquatableArray<JsonMember> AsObject() => Need(JsonKind.Object).Members;

    /// <inheritdoc/>
    public bool Equals(JsonValue? other) =>
        other is not null && Kind == other.Kind && _text == other._text && Items == other.Items && Members == other.Members;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as JsonValue);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked(((int)Kind * 397) ^ _text.GetHashCode() ^ (Items.GetHashCode() * 31) ^ (Members.GetHashCode() * 17));

    /// <summary>The value on one line without spaces, in ASCII: <c>{"a":[1,1e-05]}</c>.</summary>
    public override string ToString() => JsonWriter.Compact(this);

    /// <summary>
    /// The value as Python's <c>json.dumps(value, indent=2, sort_keys=True)</c> followed by a line feed: what diffusers writes to its
    /// <c>config.json</c>, <c>scheduler_config.json</c> and <c>model_index.json</c>.
    /// </summary>
    /// <param name="sortKeys">Whether members are ordered by name; false keeps their order.</param>
    public string ToIndentedString(bool sortKeys = true) => JsonWriter.Indented(this, sortKeys);

    /// <summary>The text of a number, string or literal as the writer needs it.</summary>
    internal string RawText => _text;

    internal static string Quote(string text) => JsonWriter.Quote(text);

    private JsonValue Need(JsonKind kind) => Kind == kind ? this : throw Mismatch(Name(kind));

    private DiffusionException Mismatch(string needed)
    {
        var text = ToString();

        return Rules.JsonKindMismatch.Error(text.Length <= 60 ? text : text.Substring(0, 57) + "...", Name(Kind), needed);
    }

    private static string Name(JsonKind kind) => kind switch
    {
        JsonKind.Null => "null",
        JsonKind.Boolean => "true or false",
        JsonKind.Number => "a number",
        JsonKind.String => "a string",
        JsonKind.Array => "an array",
        _ => "an object",
    };
}
