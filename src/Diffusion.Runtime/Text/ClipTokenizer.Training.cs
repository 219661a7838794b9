using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Text;

/// <content>A vocabulary of one's own.</content>
public sealed partial class ClipTokenizer
{
    private const int Bytes = 256;

    /// <summary>
    /// A tokenizer whose vocabulary is learnt from texts: all bytes, inside of words and at their ends, then the tokens that the merges make, then start and end.
    /// </summary>
    /// <remarks>Sennrich, Haddow and Birch (2015), arXiv:1508.07909. The same texts give the same vocabulary. What the texts lack is read byte by byte.</remarks>
    /// <param name="texts">The texts; upper and lower case are one.</param>
    /// <param name="merges">Merges at most; there are fewer where every word is one token before.</param>
    /// <param name="settings">Special tokens and length; null: CLIP's.</param>
    /// <exception cref="DiffusionException">DIF0703: the length is below 3. DIF0105: fewer than 0 merges.</exception>
    public static ClipTokenizer Train(IEnumerable<string> texts, int merges = 48_894, ClipTokenizerSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (merges < 0)
            throw Rules.CountOutOfRange.Error("the number of merges", merges);

        var own = settings ?? new();
        var pairs = BytePairTraining.Merges(texts, merges);
        var letters = Enumerable.Range(0, Bytes).Select(value => ByteAlphabet.Letter((byte)value).ToString()).ToArray();
        var tokens = letters
            .Concat(letters.Select(letter => letter + ByteAlphabet.WordEnd))
            .Concat(pairs.Select(pair => pair.Replace(" ", "")))
            .Concat(new[] { own.Start, own.End, own.Pad, own.Unknown }.Concat(own.Added))
            .Distinct(StringComparer.Ordinal);
        return From(tokens.Select((token, id) => KeyValuePair.Create(token, id)).ToDictionary(), pairs, own);
    }
}
