using System;

namespace Diffusion.Dsl;

/// <summary>What the grammars of prompts share.</summary>
internal static class PromptText
{
    /// <summary>The word that ends a chunk.</summary>
    public const string Break = "BREAK";

    private const int Around = 25;

    /// <summary>The prompt, or what lies around a place of it, on one line.</summary>
    public static string Excerpt(string text, int at)
    {
        var from = text.Length <= 2 * Around ? 0 : Math.Max(0, Math.Min(at - Around, text.Length - (2 * Around)));
        var to = Math.Min(text.Length, from + (2 * Around));
        var part = text.Substring(from, to - from).Replace('\n', ' ').Replace('\r', ' ').Replace('\t', ' ');
        return (from > 0 ? "…" : "") + part + (to < text.Length ? "…" : "");
    }

    /// <summary>Whether the word BREAK stands at a place, and not as a part of a longer word.</summary>
    public static bool IsBreak(string text, int at) =>
        string.CompareOrdinal(text, at, Break, 0, Break.Length) == 0
        && (at == 0 || !IsWord(text[at - 1]))
        && (at + Break.Length == text.Length || !IsWord(text[at + Break.Length]));

    /// <summary>A bracket that has no partner.</summary>
    /// <param name="text">The whole prompt.</param>
    /// <param name="at">Where the bracket stands.</param>
    /// <param name="why">What is wrong with it.</param>
    public static DiffusionException Unbalanced(string text, int at, string why) => Rules.PromptBracket.Error(Excerpt(text, at), text[at], at + 1, why);

    /// <summary>Something that this library does not read.</summary>
    /// <param name="text">The whole prompt.</param>
    /// <param name="at">Where it begins.</param>
    /// <param name="what">What stands there.</param>
    /// <param name="remedy">What to write in its place.</param>
    public static DiffusionException Unsupported(string text, int at, string what, string remedy) => Rules.PromptSyntax.Error(Excerpt(text, at), what, at + 1, remedy);

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
