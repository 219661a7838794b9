using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Text;

/// <summary>
/// CLIP's tokenizer: text becomes the numbers that a text encoder reads. Immutable; may be shared by threads.
/// </summary>
/// <remarks>
/// Byte-level byte-pair encoding of lower-case words (arXiv:2103.00020, section 2.4). Parity target: transformers' <c>CLIPTokenizerFast</c>, which composes characters (NFC),
/// makes runs of white space one space and lowers the case, then splits into contractions, runs of letters, single digits and runs of other characters. The slow tokenizer
/// and OpenAI's own differ from it in CJK text, typographic quotes, ligatures and HTML entities, which they clean up first.
/// </remarks>
public sealed partial class ClipTokenizer
{
    private readonly Vocabulary _vocabulary;
    private readonly IReadOnlyList<string> _merges;
    private readonly BytePairs _pairs;
    private readonly SpecialTokens _special;
    private readonly SpecialTokens _normalSpecial;
    private readonly HashSet<int> _specialIds;

    private ClipTokenizer(Vocabulary vocabulary, IReadOnlyList<string> merges, string mergesName, ClipTokenizerSettings settings)
    {
        if (settings.MaxLength < ClipTokenizerSettings.ShortestLength)
            throw Rules.TokenizerSetting.Error("the length (model_max_length)", vocabulary.Name, settings.MaxLength, "at least 3, for start, end and a token between them; CLIP's is 77");

        (_vocabulary, _merges, Settings) = (vocabulary, merges, settings);
        StartId = vocabulary.Special("start", settings.Start);
        EndId = vocabulary.Special("end", settings.End);
        PadId = vocabulary.Special("pad", settings.Pad);
        var unknown = vocabulary.Special("unknown", settings.Unknown);
        _pairs = new(vocabulary, merges, mergesName, unknown);

        var special = new[] { settings.Start, settings.End, settings.Pad, settings.Unknown }.Concat(settings.Added)
            .Select(token => new SpecialToken(token, vocabulary.Special("added", token)))
            .ToArray();
        _special = new(special);
        _normalSpecial = new(special.Select(token => token with { Text = ClipText.Normalize(token.Text) }));
        _specialIds = special.Select(token => token.Id!.Value).ToHashSet();
    }

    /// <summary>What the files say besides vocabulary and merges.</summary>
    public ClipTokenizerSettings Settings { get; }

    /// <summary>How many tokens the vocabulary has.</summary>
    public int VocabularySize => _vocabulary.Count;

    /// <summary>The number of the token before every text.</summary>
    public int StartId { get; }

    /// <summary>The number of the token behind every text.</summary>
    public int EndId { get; }

    /// <summary>The number of the token that fills the rest.</summary>
    public int PadId { get; }

    /// <summary>The number of tokens that the text encoder reads, start and end included.</summary>
    public int MaxLength => Settings.MaxLength;

    /// <summary>A tokenizer of a vocabulary and merges in memory.</summary>
    /// <param name="vocabulary">Each token's number; letters stand for bytes as in GPT-2's vocabulary, and <c>&lt;/w&gt;</c> ends a token that ends a word.</param>
    /// <param name="merges">Two tokens parted by a space, as in a line of merges.txt, the first that are merged first.</param>
    /// <param name="settings">Special tokens and length; null: CLIP's.</param>
    /// <exception cref="DiffusionException">DIF0701, DIF0702: the vocabulary or the merges are not usable. DIF0703: the length is below 3. DIF0704: a special token is not in the vocabulary.</exception>
    public static ClipTokenizer From(IReadOnlyDictionary<string, int> vocabulary, IEnumerable<string> merges, ClipTokenizerSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentNullException.ThrowIfNull(merges);
        return new(new Vocabulary(vocabulary, "given"), [.. merges], "given", settings ?? new());
    }

    /// <summary>The numbers of a text's tokens: no start, no end, no padding, nothing cut off.</summary>
    /// <param name="text">Any text; special tokens in it, such as <c>&lt;|endoftext|&gt;</c>, become their numbers.</param>
    public EquatableArray<int> Ids(string text) => Words(text).SelectMany(word => word.Ids).ToEquatableArray();

    /// <summary>A text as the text encoder reads it, padded, and cut off where it is too long; the words that were cut off are named in the result.</summary>
    /// <param name="text">Any text.</param>
    public Tokens Encode(string text)
    {
        var room = MaxLength - 2;
        var ids = new List<int>();
        var dropped = new List<string>();
        foreach (var word in Words(text))
        {
            ids.AddRange(word.Ids);
            if (ids.Count > room)
                dropped.Add(word.Text);
        }

        var kept = Math.Min(ids.Count, room);
        return new(text, Padded(ids.Take(kept)), Mask(kept), kept + 2, ids.Count + 2, dropped.ToEquatableArray());
    }

    private EquatableArray<int> Padded(IEnumerable<int> ids) => ids.Prepend(StartId).Append(EndId).Concat(Enumerable.Repeat(PadId, MaxLength)).Take(MaxLength).ToEquatableArray();

    private EquatableArray<int> Mask(int count) => Enumerable.Range(0, MaxLength).Select(i => i < count + 2 ? 1 : 0).ToEquatableArray();

    private IEnumerable<Word> Words(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _special.Split(text).SelectMany(part => part.Id is { } id ? [new(part.Text, [id])] : PlainWords(part.Text));
    }

    // Special tokens are looked for once more, since lowering the case may have made some.
    private IEnumerable<Word> PlainWords(string text) => _normalSpecial.Split(ClipText.Normalize(text))
        .SelectMany(part => part.Id is { } id ? [new(part.Text, [id])] : ClipText.Words(part.Text).Select(word => new Word(word, _pairs.Encode(word))));
}
