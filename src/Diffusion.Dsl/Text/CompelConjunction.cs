using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Reads <c>("one", "other").and()</c>: parts that the text encoder sees one by one, and whose results stand behind each other.</summary>
internal static class CompelConjunction
{
    /// <summary>The segments of the parts with a break between them; null where the prompt is no such call.</summary>
    public static IReadOnlyList<PromptSegment>? Find(string text)
    {
        var at = Spaces(text, 0);
        if (at == text.Length || text[at] != '(')
            return null;

        var parts = new List<KeyValuePair<int, int>>();
        do
        {
            at = Spaces(text, at + 1);
            var end = QuoteEnd(text, at);
            if (end < 0)
                return null;
            parts.Add(new(at + 1, end));
            at = Spaces(text, end + 1);
        }
        while (at < text.Length && text[at] == ',');

        if (at + 1 >= text.Length || text[at] != ')' || CompelPromptParser.MethodName(text, at + 1, text.Length) is not { } name)
            return null;

        var close = Spaces(text, at + 1 + name.Length + 2);
        if (name != "and" || close >= text.Length || text[close] != ')' || Spaces(text, close + 1) != text.Length)
            throw PromptText.Unsupported(text, at + 1, "." + name + "(…)", "(\"one\", \"other\").and() without weights and with nothing behind it");

        var segments = new List<PromptSegment>();
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0)
                segments.Add(PromptSegment.Break);
            segments.AddRange(new CompelPromptParser(text, parts[i].Key, parts[i].Value).Parse());
        }

        return segments;
    }

    // The closing quote of the text in quotes at a place; −1 where there is none.
    private static int QuoteEnd(string text, int at)
    {
        if (at >= text.Length || text[at] != '"')
            return -1;

        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\')
                at++;
        }

        return at < text.Length ? at : -1;
    }

    private static int Spaces(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;

        return at;
    }
}
