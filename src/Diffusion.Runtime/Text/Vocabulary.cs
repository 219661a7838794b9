using System;
using System.Collections.Generic;
using Diffusion.Dsl;
using static System.FormattableString;

namespace Diffusion.Runtime.Text;

/// <summary>Tokens and their numbers, both ways.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _tokens = [];

    /// <param name="tokens">The tokens and their numbers.</param>
    /// <param name="name">What it is called in messages: a path.</param>
    /// <exception cref="DiffusionException">DIF0701: no token, a negative number, or one number twice.</exception>
    public Vocabulary(IEnumerable<KeyValuePair<string, int>> tokens, string name)
    {
        Name = name;
        foreach (var (token, id) in tokens)
        {
            if (id < 0)
                throw Rules.VocabularyInvalid.Error(name, Invariant($"the token '{token}' has the negative number {id}"));
            if (!_tokens.TryAdd(id, token))
                throw Rules.VocabularyInvalid.Error(name, Invariant($"the tokens '{_tokens[id]}' and '{token}' both have the number {id}"));
            if (!_ids.TryAdd(token, id))
                throw Rules.VocabularyInvalid.Error(name, $"the token '{token}' occurs twice");
        }

        if (_ids.Count == 0)
            throw Rules.VocabularyInvalid.Error(name, "it has no token");
    }

    public string Name { get; }

    public int Count => _ids.Count;

    /// <summary>The tokens by number.</summary>
    public IReadOnlyDictionary<int, string> Tokens => _tokens;

    /// <summary>The number of a token; null where there is none.</summary>
    public int? Find(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    /// <summary>The number of a special token.</summary>
    /// <param name="role">Such as <c>pad</c>.</param>
    /// <param name="token">The token.</param>
    /// <exception cref="DiffusionException">DIF0704: there is no such token.</exception>
    public int Special(string role, string token) => (token.Length > 0 ? Find(token) : null) ?? throw Rules.SpecialTokenMissing.Error(role, Name, token, Count);

    /// <exception cref="DiffusionException">DIF0706: no token has that number.</exception>
    public string this[int id] => _tokens.TryGetValue(id, out var token) ? token : throw Rules.UnknownTokenId.Error(id, Count);
}
