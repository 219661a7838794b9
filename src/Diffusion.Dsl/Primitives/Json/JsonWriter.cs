using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Diffusion.Dsl;

/// <summary>Writes JSON values in the two layouts of Python's json module that diffusers' files use.</summary>
internal static class JsonWriter
{
    public static string Compact(JsonValue value)
    {
        var builder = new StringBuilder();
        Write(builder, value, indent: -1, sortKeys: false);

        return builder.ToString();
    }

    public static string Indented(JsonValue value, bool sortKeys)
    {
        var builder = new StringBuilder();
        Write(builder, value, indent: 0, sortKeys);

        return builder.Append('\n').ToString();
    }

    /// <summary>A text between quotes, escaped to ASCII as Python's <c>ensure_ascii</c> does.</summary>
    public static string Quote(string text)
    {
        var builder = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => builder.Append("\\\""),
                '\\' => builder.Append("\\\\"),
                '\n' => builder.Append("\\n"),
                '\r' => builder.Append("\\r"),
                '\t' => builder.Append("\\t"),
                '\b' => builder.Append("\\b"),
                '\f' => builder.Append("\\f"),
                >= ' ' and <= '~' => builder.Append(c),
                _ => builder.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
            };
        }

        return builder.Append('"').ToString();
    }

    private static void Write(StringBuilder builder, JsonValue value, int indent, bool sortKeys)
    {
        switch (value.Kind)
        {
            case JsonKind.String:
                builder.Append(Quote(value.RawText));
                break;
            case JsonKind.Array:
                Write(builder, '[', ']', value.Items, indent, (item, inner) => Write(builder, item, inner, sortKeys));
                break;
            case JsonKind.Object:
                var members = sortKeys ? value.Members.OrderBy(member => member.Name, StringComparer.Ordinal) : (IEnumerable<JsonMember>)value.Members;
                Write(builder, '{', '}', members, indent, (member, inner) =>
                {
                    builder.Append(Quote(member.Name)).Append(indent < 0 ? ":" : ": ");
                    Write(builder, member.Value, inner, sortKeys);
                });
                break;
            default:
                builder.Append(value.RawText);
                break;
        }
    }

    // A negative indent means: everything on one line.
    private static void Write<T>(StringBuilder builder, char open, char close, IEnumerable<T> elements, int indent, Action<T, int> write)
    {
        var inner = indent < 0 ? indent : indent + 2;
        var first = true;
        builder.Append(open);
        foreach (var element in elements)
        {
            if (!first)
                builder.Append(',');
            if (indent >= 0)
                builder.Append('\n').Append(' ', inner);
            write(element, inner);
            first = false;
        }

        if (!first && indent >= 0)
            builder.Append('\n').Append(' ', indent);
        builder.Append(close);
    }
}
