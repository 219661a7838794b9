using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Text;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <content>Tokens whose vectors give place to others' before the text encoder's blocks.</content>
public sealed partial class ClipTextEncoder
{
    /// <summary>Tokens as a U-Net reads them, some of them replaced.</summary>
    /// <param name="tokens">Tokens of <see cref="Tokenizer"/>.</param>
    /// <param name="replacements">Which vectors give place to others', everywhere in the text; none: all stay.</param>
    /// <param name="layer">From which block they are taken; null: <see cref="ClipLayer.Last"/>.</param>
    /// <returns><c>[1, L, D]</c>; the caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0709: a word is several tokens. DIF0710: the text does not hold it. Otherwise as <see cref="Encode(Tokens, ClipLayer?)"/>.</exception>
    public TextEmbeddings Encode(Tokens tokens, IEnumerable<TokenReplacement> replacements, ClipLayer? layer = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);

        return Encode(tokens.Ids, Swaps(replacements, tokens.Ids, tokens.Text), layer);
    }

    /// <summary>A prompt of any length, some of its tokens replaced.</summary>
    /// <param name="chunks">Chunks of <see cref="Tokenizer"/>.</param>
    /// <param name="replacements">Which vectors give place to others', everywhere in the text; none: all stay.</param>
    /// <param name="layer">From which block they are taken; null: <see cref="ClipLayer.Last"/>.</param>
    /// <returns><c>[1, chunks · L, D]</c>; the caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0709: a word is several tokens. DIF0710: the text does not hold it. Otherwise as <see cref="Encode(TokenChunks, ClipLayer?)"/>.</exception>
    public TextEmbeddings Encode(TokenChunks chunks, IEnumerable<TokenReplacement> replacements, ClipLayer? layer = null)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        var swaps = Swaps(replacements, chunks.Chunks.SelectMany(chunk => chunk.Ids), chunks.ToString());
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var parts = chunks.Chunks.Select(chunk =>
        {
            var text = Encode(chunk.Ids, swaps, layer);

            return text with { Values = TokenWeights.Apply(text.Values, chunk.Weights) };
        }).ToArray();

        return TextEmbeddings.Join(parts).MoveToOuterDisposeScope();
    }

    private TokenSwap[] Swaps(IEnumerable<TokenReplacement> replacements, IEnumerable<int> ids, string text)
    {
        ArgumentNullException.ThrowIfNull(replacements);
        var held = ids.ToHashSet();

        return [.. replacements.Select(replacement => new TokenSwap(Single(replacement.Token), Single(replacement.Replacement), replacement.Share) is var swap && held.Contains(swap.From)
            ? swap
            : throw Rules.TokenAbsent.Error(text, replacement.Token))];
    }

    private int Single(string word) => Tokenizer.Ids(word) is { Count: var count } ids && count == 1 ? ids[0] : throw Rules.NotOneToken.Error(word, Tokenizer.Ids(word).Count);

    private TextEmbeddings Encode(EquatableArray<int> row, TokenSwap[] swaps, ClipLayer? layer)
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var ids = TokenTensors.Rows([row]);
        var tokens = Model.Embed(ids);
        var values = tokens.Values;
        foreach (var swap in swaps)
        {
            // The same text with the other token: places are added to both, so that they stay.
            var other = Model.Embed(TokenTensors.Rows([row.Select(id => id == swap.From ? swap.To : id).ToEquatableArray()])).Values;
            var share = tensor(swap.Share, dtype: values.dtype, device: values.device);
            using TorchSharp.Scalar from = swap.From;
            values = where(ids.to(values.device).eq(from).unsqueeze(-1), lerp(tokens.Values, other, share), values);
        }

        return Model.Encode(tokens.WithValues(values), layer).MoveToOuterDisposeScope();
    }

    private sealed record TokenSwap(int From, int To, double Share);
}
