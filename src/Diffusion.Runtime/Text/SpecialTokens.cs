using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Runtime.Text;

/// <summary>Finds tokens that are recognized whole, wherever they stand: of those that begin first the longest.</summary>
internal sealed class SpecialTokens
{
    private readonly SpecialToken[] _tokens;

    public SpecialTokens(IEnumerable<SpecialToken> tokens) => _tokens = [.. tokens.DistinctBy(token => token.Text).OrderByDescending(token => token.Text.Length)];

    /// <summary>The text in order: special tokens, and with the number null what lies between them.</summary>
    public IEnumerable<SpecialToken> Split(string text)
    {
        // Where each token occurs next; looked up again only when it was passed.
        var places = new int[_tokens.Length];
        Array.Fill(places, -1);
        var from = 0;
        while (true)
        {
            var first = -1;
            for (var i = 0; i < _tokens.Length; i++)
            {
                if (places[i] < from)
                    places[i] = text.IndexOf(_tokens[i].Text, from, StringComparison.Ordinal) is >= 0 and var place ? place : int.MaxValue;
                if (places[i] < int.MaxValue && (first < 0 || places[i] < places[first]))
                    first = i;
            }

            var end = first < 0 ? text.Length : places[first];
            if (end > from)
                yield return new(text[from..end], null);
            if (first < 0)
                yield break;

            yield return _tokens[first];
            from = end + _tokens[first].Text.Length;
        }
    }
}
