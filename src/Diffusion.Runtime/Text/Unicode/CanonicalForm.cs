using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Diffusion.Runtime.Text;

/// <summary>
/// Unicode's canonical composition, NFC (Unicode Standard Annex 15). <see cref="string.Normalize()"/> does nothing in programs with invariant globalization, and
/// depends on the system's library in others; tokens must not.
/// </summary>
internal static class CanonicalForm
{
    // All characters below are composed already and reorder nothing.
    private const char FirstCombining = '\u0300';

    // Hangul syllables are composed by arithmetic: The Unicode Standard, section 3.12.
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TrailCount = 28, SyllableCount = LeadCount * VowelCount * TrailCount;

    private static readonly Lazy<Tables> Data = new(Read);

    /// <summary>The text in normal form C.</summary>
    public static string Compose(string text)
    {
        if (text.All(c => c < FirstCombining))
            return text;

        var runes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, runes);
        Order(runes);

        var composed = new StringBuilder(text.Length);
        foreach (var value in Composed(runes))
            composed.Append(new Rune(value).ToString());

        return composed.ToString();
    }

    private static void Decompose(int rune, List<int> into)
    {
        if (rune - SyllableBase is >= 0 and < SyllableCount and var syllable)
        {
            into.Add(LeadBase + (syllable / (VowelCount * TrailCount)));
            into.Add(VowelBase + (syllable / TrailCount % VowelCount));
            if (syllable % TrailCount > 0)
                into.Add(TrailBase + (syllable % TrailCount));
        }
        else if (Data.Value.Decompositions.TryGetValue(rune, out var parts))
        {
            foreach (var part in parts)
                Decompose(part, into);
        }
        else
        {
            into.Add(rune);
        }
    }

    // Marks behind one letter stand in the order of their classes; equal classes keep theirs.
    private static void Order(List<int> runes)
    {
        for (var start = 0; start < runes.Count; start++)
        {
            var end = start;
            while (end < runes.Count && Class(runes[end]) != 0)
                end++;
            if (end - start > 1)
            {
                var sorted = runes.GetRange(start, end - start).OrderBy(Class).ToArray();
                for (var i = 0; i < sorted.Length; i++)
                    runes[start + i] = sorted[i];
            }

            start = Math.Max(start, end - 1);
        }
    }

    private static List<int> Composed(List<int> runes)
    {
        var result = new List<int>(runes.Count);
        var starter = -1;
        var lastClass = 0;
        foreach (var rune in runes)
        {
            var combining = Class(rune);

            // A mark is blocked by one of its own class, or by a letter, between it and the starter.
            var adjacent = starter == result.Count - 1;
            if (starter >= 0 && (adjacent || (combining != 0 && lastClass < combining)) && Pair(result[starter], rune) is { } composite)
            {
                result[starter] = composite;
                continue;
            }

            if (combining == 0)
                starter = result.Count;
            lastClass = combining;
            result.Add(rune);
        }

        return result;
    }

    private static int? Pair(int first, int second)
    {
        if (first - LeadBase is >= 0 and < LeadCount and var lead && second - VowelBase is >= 0 and < VowelCount and var vowel)
            return SyllableBase + (((lead * VowelCount) + vowel) * TrailCount);

        if (first - SyllableBase is >= 0 and < SyllableCount and var syllable && syllable % TrailCount == 0 && second - TrailBase is > 0 and < TrailCount and var trail)
            return first + trail;

        return Data.Value.Compositions.TryGetValue(Key(first, second), out var composite) ? composite : null;
    }

    private static int Class(int rune) => rune < FirstCombining ? 0 : Data.Value.Classes.GetValueOrDefault(rune);

    private static long Key(int first, int second) => ((long)first << 32) | (uint)second;

    private static Tables Read()
    {
        var tables = new Tables([], [], []);
        using var reader = new StreamReader(typeof(CanonicalForm).Assembly.GetManifestResourceStream("Diffusion.Runtime.Text.canonical.txt")!);
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == "c")
            {
                for (var rune = Hex(words[1]); rune <= Hex(words[2]); rune++)
                    tables.Classes.Add(rune, byte.Parse(words[3], CultureInfo.InvariantCulture));
            }
            else if (words[0] is "d" or "x")
            {
                var parts = words.Skip(2).Select(Hex).ToArray();
                tables.Decompositions.Add(Hex(words[1]), parts);
                if (words[0] == "d")
                    tables.Compositions.Add(Key(parts[0], parts[1]), Hex(words[1]));
            }
        }

        return tables;
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private sealed record Tables(Dictionary<int, byte> Classes, Dictionary<int, int[]> Decompositions, Dictionary<long, int> Compositions);
}
