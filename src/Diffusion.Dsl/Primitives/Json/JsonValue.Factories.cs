using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Diffusion.Dsl;

public sealed partial class JsonValue
{
    /// <summary><c>null</c>.</summary>
    public static JsonValue Null { get; } = new(JsonKind.Null, "null", default, default);

    /// <summary><c>true</c>.</summary>
    public static JsonValue True { get; } = new(JsonKind.Boolean, "true", default, default);

    /// <summary><c>false</c>.</summary>
    public static JsonValue False { get; } = new(JsonKind.Boolean, "false", default, default);

    /// <summary>An object without members, to grow by <see cref="With"/>.</summary>
    public static JsonValue EmptyObject { get; } = Object([]);

    /// <summary><c>true</c> or <c>false</c>.</summary>
    /// <param name="value">Which of the two.</param>
    public static JsonValue Of(bool value) => value ? True : False;

    /// <summary>A whole number.</summary>
    /// <param name="value">The number.</param>
    public static JsonValue Of(long value) => Number(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number as Python writes a float: <c>1.0</c>, <c>1e-05</c>, <c>NaN</c>, <c>-Infinity</c>.</summary>
    /// <param name="value">The number.</param>
    public static JsonValue Of(double value) => Number(PythonFloat.Of(value));

    /// <summary>A string.</summary>
    /// <param name="value">Its text, without quotes and escapes.</param>
    public static JsonValue Of(string value) => new(JsonKind.String, value, default, default);

    /// <summary>An array.</summary>
    /// <param name="items">The elements, in order.</param>
    public static JsonValue Array(IEnumerable<JsonValue> items) => new(JsonKind.Array, "", items.ToEquatableArray(), default);

    /// <summary>An object; of members with the same name the last value counts, at the place of the first.</summary>
    /// <param name="members">The members, in order.</param>
    public static JsonValue Object(IEnumerable<JsonMember> members)
    {
        var places = new Dictionary<string, int>(System.StringComparer.Ordinal);
        var kept = new List<JsonMember>();
        foreach (var member in members)
        {
            if (places.TryGetValue(member.Name, out var place))
            {
                kept[place] = member;
            }
            else
            {
                places.Add(member.Name, kept.Count);
                kept.Add(member);
            }
        }

        return new(JsonKind.Object, "", default, kept.ToEquatableArray());
    }

    /// <summary>This object with one member set: replaced in its place, or added at the end.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="DiffusionException">DIF0581: this is not an object.</exception>
    public JsonValue With(string name, JsonValue value) => Object(Need(JsonKind.Object).Members.Append(new JsonMember(name, value)));

    /// <summary>This object without the member called <paramref name="name"/>, if it has one.</summary>
    /// <param name="name">The member's name.</param>
    /// <exception cref="DiffusionException">DIF0581: this is not an object.</exception>
    public JsonValue Without(string name) => Object(Need(JsonKind.Object).Members.Where(member => member.Name != name));

    /// <summary>A number with the text it was written with; the caller has checked the grammar.</summary>
    internal static JsonValue Number(string text) => new(JsonKind.Number, text, default, default);
}
