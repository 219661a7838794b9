using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Diffusion.Dsl;
using Diffusion.Runtime.Files;
using Diffusion.Runtime.Weights;

namespace Diffusion.Runtime.Text;

/// <summary>The files of a tokenizer, read and checked.</summary>
internal sealed class TokenizerFolder
{
    public const string AddedTokens = "added_tokens.json";

    private const string Config = "tokenizer_config.json";
    private const string Map = "special_tokens_map.json";
    private const string AddedDecoder = "added_tokens_decoder";

    // transformers writes 10^30 where nobody said a length.
    private const double LongestLength = 1e6;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _folder;
    private readonly List<KeyValuePair<string, int>> _added = [];

    public TokenizerFolder(string source)
    {
        var folder = ModelFolders.Find(source) ?? throw Rules.TokenizerFileMissing.Error(source, "there is no such folder");
        _folder = new[] { folder, Path.Combine(folder, "tokenizer") }.FirstOrDefault(candidate => Find(candidate, "vocab.json") is not null) ?? folder;
        VocabularyPath = Needed("vocab.json");
        MergesPath = Needed("merges.txt");
    }

    public string VocabularyPath { get; }

    public string MergesPath { get; }

    /// <summary>Special tokens, length and added tokens; to be called before <see cref="Vocabulary"/>.</summary>
    public ClipTokenizerSettings Settings()
    {
        var config = Json(Config);
        var map = Json(Map);
        ReadAdded(config);

        // The newer kind of config, which lists its added tokens, is complete; beside the older kind the map has the last word.
        var (first, second) = config.Find(AddedDecoder) is null ? (map, config) : (config, map);
        var settings = new ClipTokenizerSettings();
        settings = settings with
        {
            Start = Token("bos_token") ?? settings.Start,
            End = Token("eos_token") ?? settings.End,
            Pad = Token("pad_token") ?? settings.Pad,
            Unknown = Token("unk_token") ?? settings.Unknown,
            MaxLength = Length(config.Find("model_max_length")),
        };
        string[] special = [settings.Start, settings.End, settings.Pad, settings.Unknown];
        return settings.WithAdded([.. _added.Select(token => token.Key).Except(special)]);

        string? Token(string key) => Content(key, first.Find(key)) ?? Content(key, second.Find(key));
    }

    /// <summary>The tokens of <c>vocab.json</c>, and those that were added.</summary>
    public IEnumerable<KeyValuePair<string, int>> Vocabulary()
    {
        DiffusionException Wrong(string why, Exception? inner = null) => new(Rules.VocabularyInvalid.Found(VocabularyPath, why), inner);

        Dictionary<string, int> tokens;
        try
        {
            tokens = VocabularyJson.Read(Bytes(VocabularyPath, Wrong));
        }
        catch (FormatException e)
        {
            throw Wrong(e.Message, e);
        }

        foreach (var (token, id) in _added)
        {
            if (!tokens.TryAdd(token, id) && tokens[token] != id)
                throw Wrong($"the added token '{FileText.Printable(token)}' has another number there");
        }

        return tokens;
    }

    /// <summary>The lines of <c>merges.txt</c>, without its heading.</summary>
    public IReadOnlyList<string> Merges()
    {
        DiffusionException Wrong(string why, Exception? inner = null) => new(Rules.MergesInvalid.Found(MergesPath, why), inner);

        var lines = Read(MergesPath, Wrong).Split('\n')
            .Select(line => line.TrimEnd('\r'))
            .Where((line, i) => line.Length > 0 && !(i == 0 && line.StartsWith("#version", StringComparison.Ordinal)))
            .ToArray();
        return lines.Length > 0 ? lines : throw Wrong("it has no line");
    }

    private static string? Find(string folder, string name) => new[] { name, name + ".gz" }.Select(candidate => Path.Combine(folder, candidate)).FirstOrDefault(File.Exists);

    private string Needed(string name) => Find(_folder, name) ?? throw Rules.TokenizerFileMissing.Error(_folder, $"it has neither {name} nor {name}.gz");

    private static string Read(string path, Func<string, Exception?, DiffusionException> wrong)
    {
        try
        {
            return Strict.GetString(Bytes(path, wrong));
        }
        catch (DecoderFallbackException e)
        {
            throw wrong("it is no text in UTF-8", e);
        }
    }

    private static byte[] Bytes(string path, Func<string, Exception?, DiffusionException> wrong)
    {
        try
        {
            return Gzip.Unpacked(File.ReadAllBytes(path));
        }
        catch (InvalidDataException e)
        {
            throw wrong("its gzip data are damaged or cut off", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiffusionException(Rules.TokenizerFileMissing.Found(path, e.Message.TrimEnd('.')), e);
        }
    }

    private JsonValue Json(string name)
    {
        var path = Path.Combine(_folder, name);
        if (!File.Exists(path))
            return JsonValue.EmptyObject;

        var json = JsonValue.Parse(Read(path, (why, inner) => new(Rules.TokenizerSetting.Found("the content", path, "not readable: " + why, "JSON"), inner)), path);
        return json.Kind == JsonKind.Object ? json : throw Rules.TokenizerSetting.Error("the content", path, FileText.Printable(json.ToString()), "a JSON object");
    }

    private void ReadAdded(JsonValue config)
    {
        foreach (var member in config.Find(AddedDecoder)?.Members ?? default)
        {
            var id = int.TryParse(member.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(Config, "the number of an added token", member.Name, "a whole number");
            _added.Add(new(Content(member.Name, member.Value) ?? throw Wrong(Config, "the added token " + member.Name, "null", "a text"), id));
        }

        foreach (var member in Json(AddedTokens).Members)
        {
            var id = Id(member.Value) ?? throw Wrong(AddedTokens, $"the token '{FileText.Printable(member.Name)}'", FileText.Printable(member.Value.ToString()), "a whole number");
            if (!_added.Contains(new(member.Name, id)))
                _added.Add(new(member.Name, id));
        }
    }

    // A text, or an object that holds it beside what only other tokenizers need.
    private string? Content(string key, JsonValue? value) => value switch
    {
        null or { IsNull: true } => null,
        { Kind: JsonKind.String } => value.AsString(),
        { Kind: JsonKind.Object } when value.Find("content") is { Kind: JsonKind.String } content => content.AsString(),
        _ => throw Wrong(Map + " or " + Config, key, FileText.Printable(value.ToString()), "a text"),
    };

    private int Length(JsonValue? value) => value switch
    {
        null or { IsNull: true } => ClipTokenizerSettings.ClipLength,
        { Kind: JsonKind.Number } when value.AsDouble() > LongestLength => ClipTokenizerSettings.ClipLength,
        { IsInteger: true } => (int)value.AsDouble(),
        _ => throw Wrong(Config, "model_max_length", FileText.Printable(value.ToString()), "a whole number such as 77"),
    };

    private static int? Id(JsonValue value) => value is { IsInteger: true } && value.AsDouble() is >= int.MinValue and <= int.MaxValue ? (int)value.AsDouble() : null;

    private DiffusionException Wrong(string file, string what, string value, string allowed) => Rules.TokenizerSetting.Error(what, Path.Combine(_folder, file), value, allowed);
}
