using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Text;

/// <content>From tokens back to text.</content>
public sealed partial class ClipTokenizer
{
    /// <summary>The tokens of a text, to be shown: no start, no end, no padding, nothing cut off.</summary>
    /// <param name="text">Any text.</param>
    public EquatableArray<TokenPiece> Pieces(string text) => Words(text).SelectMany(word => word.Ids).Select(Piece).ToEquatableArray();

    /// <summary>A text with a space between its words and a dot between the tokens of a word: <c>a painting of a floo·ble</c>.</summary>
    /// <param name="text">Any text.</param>
    public string Show(string text) => string.Join(" ", Words(text).Select(word => string.Join("·", word.Ids.Select(Piece))));

    /// <summary>The text of tokens, in lower case and with a space behind every word, also before punctuation.</summary>
    /// <param name="ids">The numbers.</param>
    /// <param name="keepSpecial">Whether start, end, padding and other special tokens stay in the text.</param>
    /// <exception cref="DiffusionException">DIF0706: a number stands for no token.</exception>
    public string Decode(IEnumerable<int> ids, bool keepSpecial = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new List<byte>();
        foreach (var id in ids)
        {
            var token = _vocabulary[id];
            if (!keepSpecial && _specialIds.Contains(id))
                continue;

            bytes.AddRange(ByteAlphabet.BytesOf(token));
            if (EndsWord(token))
                bytes.Add((byte)' ');
        }

        return Encoding.UTF8.GetString([.. bytes]).Trim();
    }

    private TokenPiece Piece(int id)
    {
        var token = _vocabulary[id];
        return new(id, ByteAlphabet.Printable(ByteAlphabet.BytesOf(token)), EndsWord(token) || _specialIds.Contains(id));
    }

    private static bool EndsWord(string token) => token.EndsWith(ByteAlphabet.WordEnd, StringComparison.Ordinal);
}
