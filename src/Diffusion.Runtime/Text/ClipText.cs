using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Diffusion.Runtime.Text;

/// <summary>What CLIP's tokenizer does before it looks at its vocabulary: one form for every character, then words.</summary>
internal static class ClipText
{
    private const int CapitalIWithDot = 0x130;

    // Taken whole where a word could begin there, in this order.
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    /// <summary>Composed (NFC), every run of white space as one space, in lower case. A half of a surrogate pair becomes U+FFFD.</summary>
    public static string Normalize(string text)
    {
        var normal = new StringBuilder(text.Length);
        var space = false;
        foreach (var rune in CanonicalForm.Compose(text).EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (!space)
                    normal.Append(' ');
                space = true;
                continue;
            }

            // Character by character: a final sigma is not special. Only this one becomes two.
            normal.Append(rune.Value == CapitalIWithDot ? "i\u0307" : Rune.ToLowerInvariant(rune).ToString());
            space = false;
        }

        return normal.ToString();
    }

    /// <summary>Contractions, runs of letters, single digits, runs of whatever else is not white space.</summary>
    /// <param name="normal">What <see cref="Normalize"/> gave.</param>
    public static IEnumerable<string> Words(string normal)
    {
        for (var at = 0; at < normal.Length;)
        {
            var end = End(normal, at, out var kind);
            if (kind != Kind.Space)
                yield return normal[at..end];
            at = end;
        }
    }

    private static int End(string text, int at, out Kind kind)
    {
        kind = Kind.Other;
        foreach (var contraction in Contractions)
        {
            if (string.CompareOrdinal(text, at, contraction, 0, contraction.Length) == 0)
                return at + contraction.Length;
        }

        kind = KindAt(text, at, out var length);
        var end = at + length;
        while (kind != Kind.Number && end < text.Length && KindAt(text, end, out length) == kind)
            end += length;

        return end;
    }

    private static Kind KindAt(string text, int at, out int length)
    {
        var rune = Rune.GetRuneAt(text, at);
        length = rune.Utf16SequenceLength;
        return Rune.IsWhiteSpace(rune) ? Kind.Space : Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        };
    }
}
