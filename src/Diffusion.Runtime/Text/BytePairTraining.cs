using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Diffusion.Runtime.Text;

/// <summary>Learns byte pairs from the words of texts: the pair of neighbours that is met most often becomes one token, again and again.</summary>
/// <remarks>Sennrich, Haddow and Birch (2015), arXiv:1508.07909, algorithm 1. Of pairs that are met equally often the one that sorts first is taken, so that the result is one.</remarks>
internal static class BytePairTraining
{
    /// <summary>The merges, the first that are merged first: until every word is one token, or there are enough.</summary>
    /// <param name="texts">Any texts.</param>
    /// <param name="most">How many merges at most.</param>
    public static IReadOnlyList<string> Merges(IEnumerable<string> texts, int most)
    {
        var counts = texts.SelectMany(text => ClipText.Words(ClipText.Normalize(text))).CountBy(word => word);
        var words = counts.Select(entry => (Parts: Letters(entry.Key), Count: entry.Value)).ToArray();
        var merges = new List<string>();
        while (merges.Count < most && Commonest(words) is var (left, right))
        {
            merges.Add(left + " " + right);
            foreach (var (parts, _) in words)
                Merge(parts, left, right);
        }

        return merges;
    }

    private static List<string> Letters(string word)
    {
        var letters = Encoding.UTF8.GetBytes(word).Select(value => ByteAlphabet.Letter(value).ToString()).ToList();
        letters[^1] += ByteAlphabet.WordEnd;
        return letters;
    }

    private static (string Left, string Right)? Commonest((List<string> Parts, int Count)[] words) => words
        .SelectMany(word => word.Parts.Zip(word.Parts.Skip(1)), (word, pair) => (Pair: pair, word.Count))
        .GroupBy(entry => entry.Pair)
        .OrderByDescending(group => group.Sum(entry => (long)entry.Count))
        .ThenBy(group => group.Key.First, StringComparer.Ordinal)
        .ThenBy(group => group.Key.Second, StringComparer.Ordinal)
        .Select(group => ((string Left, string Right)?)group.Key)
        .FirstOrDefault();

    private static void Merge(List<string> parts, string left, string right)
    {
        for (var i = 0; i + 1 < parts.Count; i++)
        {
            if (parts[i] != left || parts[i + 1] != right)
                continue;

            parts[i] = left + right;
            parts.RemoveAt(i + 1);
        }
    }
}
