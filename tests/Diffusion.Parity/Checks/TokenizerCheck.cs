using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Text;

namespace Diffusion.Parity.Checks;

/// <summary>
/// The numbers of a text's tokens, padded. The file's <c>tokenizer</c> names the folder of the vocabulary, from the file's own folder or one above; where it names a model
/// instead, the vocabulary lies in a folder beside the file.
/// </summary>
internal sealed class TokenizerCheck : IParityCheck
{
    private readonly ConcurrentDictionary<string, ClipTokenizer> _tokenizers = new();

    public bool Takes(GoldenCase golden) => golden.Has("text") && golden.Has("ids") && golden.Whole?.Find("tokenizer") is { Kind: JsonKind.String };

    public void Check(GoldenCase golden, Comparison comparison)
    {
        var tokenizer = _tokenizers.GetOrAdd(Folder(golden), ClipTokenizer.Load);
        var settings = tokenizer.Settings;
        if (golden.Whole!.Find("max_length") is { IsInteger: true } length && length.AsInt() != settings.MaxLength)
        {
            throw new GoldenException($"the case has {length.AsInt()} tokens, but the tokenizer {settings.MaxLength}");
        }

        var tokens = tokenizer.Encode(golden.Content.Word("text"));
        comparison.Same("ids", golden.Content.Integers("ids"), [.. tokens.Ids.Select(id => (long)id)]);
    }

    private static string Folder(GoldenCase golden)
    {
        var name = golden.Whole!.Word("tokenizer");
        var beside = Path.GetDirectoryName(golden.Path)!;
        return Above(beside).Select(folder => Path.Combine(folder, name)).FirstOrDefault(HasVocabulary)
            ?? Directory.EnumerateDirectories(beside).Order(StringComparer.Ordinal).FirstOrDefault(HasVocabulary)
            ?? throw new GoldenException($"the tokenizer '{name}' is neither a folder above the case nor beside it");
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            yield return at;
        }
    }

    private static bool HasVocabulary(string folder) => File.Exists(Path.Combine(folder, "vocab.json")) || File.Exists(Path.Combine(folder, "vocab.json.gz"));
}
