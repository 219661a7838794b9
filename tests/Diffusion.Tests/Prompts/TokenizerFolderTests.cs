using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using Diffusion.Dsl;
using Diffusion.Runtime.Text;

namespace Diffusion.Tests.Prompts;

public sealed class TokenizerFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenizer-").FullName;

    public TokenizerFolderTests()
    {
        foreach (var file in Directory.EnumerateFiles(Tokenizers.TinyFolder))
            Write(Path.GetFileName(file), File.ReadAllText(file));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheFilesSayWhichTokensAreSpecial()
    {
        Write("special_tokens_map.json", """{ "pad_token": "!", "bos_token": { "content": "a</w>" }, "unk_token": null }""");
        Write("tokenizer_config.json", """{ "pad_token": "?", "eos_token": "b</w>", "model_max_length": 9 }""");
        var tokenizer = ClipTokenizer.Load(_folder);

        Assert.Equal(new ClipTokenizerSettings().WithPad("!").WithStart("a</w>").WithEnd("b</w>").WithMaxLength(9), tokenizer.Settings);
        Assert.Equal(0, tokenizer.PadId);
        Assert.Equal(9, tokenizer.Encode("x").Ids.Count);
    }

    [Fact]
    public void WhatNoFileSaysIsClips()
    {
        File.Delete(PathOf("special_tokens_map.json"));
        File.Delete(PathOf("tokenizer_config.json"));
        Assert.Equal(new ClipTokenizerSettings(), ClipTokenizer.Load(_folder).Settings);

        Write("tokenizer_config.json", """{ "model_max_length": 1000000000000000019884624838656 }""");
        Assert.Equal(77, ClipTokenizer.Load(_folder).MaxLength);
    }

    [Theory]
    [InlineData("added_tokens.json", """{ "<cat-toy>": 814 }""")]
    [InlineData("tokenizer_config.json", """{ "added_tokens_decoder": { "813": { "content": "<|endoftext|>" }, "814": { "content": "<cat-toy>" } } }""")]
    public void AddedTokensAreTakenWhole(string file, string content)
    {
        Write(file, content);
        var tokenizer = ClipTokenizer.Load(_folder);

        Assert.Equal(["<cat-toy>"], tokenizer.Settings.Added);
        Assert.Equal(815, tokenizer.VocabularySize);
        Assert.Equal([320, 814], tokenizer.Ids("a <cat-toy>"));
    }

    [Fact]
    public void TheFolderMayBeTheCheckpoints() => Assert.Equal(Tokenizers.Tiny.Settings, ClipTokenizer.Load(Path.GetDirectoryName(Tokenizers.TinyFolder)!).Settings);

    [Fact]
    public void ASavedTokenizerIsTheSame()
    {
        Write("added_tokens.json", """{ "<cat-toy>": 814 }""");
        var tokenizer = ClipTokenizer.Load(_folder);
        var saved = Path.Combine(_folder, "new", "tokenizer");
        tokenizer.Save(saved);
        var again = ClipTokenizer.Load(saved);

        Assert.Equal(tokenizer.Settings, again.Settings);
        Assert.Equal(tokenizer.Encode("Ünïcödé cats and a <cat-toy>, it's 3"), again.Encode("Ünïcödé cats and a <cat-toy>, it's 3"));
        Assert.Equal(File.ReadAllText(PathOf("merges.txt")), File.ReadAllText(Path.Combine(saved, "merges.txt")));
        Assert.Equal(
            ["added_tokens.json", "merges.txt", "special_tokens_map.json", "tokenizer_config.json", "vocab.json"],
            Directory.EnumerateFiles(saved).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        Tokenizers.Tiny.Save(saved);
        Assert.Equal(Tokenizers.Tiny.VocabularySize, ClipTokenizer.Load(saved).VocabularySize);
    }

    [Fact]
    public void AFolderThatIsAFileCannotBeWritten() =>
        Assert.Equal("DIF0707", Assert.Throws<DiffusionException>(() => Tokenizers.Tiny.Save(Path.Combine(PathOf("vocab.json"), "x"))).Id);

    [Theory]
    [InlineData("vocab.json", "DIF0700", "it has neither vocab.json nor vocab.json.gz")]
    [InlineData("merges.txt", "DIF0700", "it has neither merges.txt nor merges.txt.gz")]
    public void AMissingFileIsNamed(string file, string id, string why)
    {
        File.Delete(PathOf(file));
        Refused(id, why);
    }

    [Fact]
    public void AMissingFolderIsNamed()
    {
        var error = Assert.Throws<DiffusionException>(() => ClipTokenizer.Load(PathOf("nowhere")));
        Assert.Equal("DIF0700", error.Id);
        Assert.Contains("there is no such folder", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vocab.json", "{ \"a\": 1", "DIF0701", "it is not JSON")]
    [InlineData("vocab.json", "", "DIF0701", "it is not JSON")]
    [InlineData("vocab.json", "{ \"a\": 1 } 2", "DIF0701", "it is not JSON")]
    [InlineData("vocab.json", "{ \"\\ud800\": 1 }", "DIF0701", "it is no text in UTF-8")]
    [InlineData("vocab.json", "[1]", "DIF0701", "it is no JSON object")]
    [InlineData("vocab.json", "{}", "DIF0701", "it has no token")]
    [InlineData("vocab.json", """{ "a": "1" }""", "DIF0701", "the token 'a' has no whole number")]
    [InlineData("vocab.json", """{ "a": 1.5 }""", "DIF0701", "the token 'a' has no whole number")]
    [InlineData("vocab.json", """{ "a": 3000000000 }""", "DIF0701", "the token 'a' has no whole number")]
    [InlineData("vocab.json", """{ "a": -1 }""", "DIF0701", "the token 'a' has the negative number -1")]
    [InlineData("vocab.json", """{ "a": 1, "b": 1 }""", "DIF0701", "the tokens 'a' and 'b' both have the number 1")]
    [InlineData("vocab.json", """{ "a": 1 }""", "DIF0704", "the start token of")]
    [InlineData("merges.txt", "", "DIF0702", "it has no line")]
    [InlineData("merges.txt", "#version: 0.2\n", "DIF0702", "it has no line")]
    [InlineData("merges.txt", "#version: 0.2\ni n\nth", "DIF0702", "merge 2, 'th', is not two tokens with a space between them")]
    [InlineData("merges.txt", "i n\nx zzz", "DIF0702", "merge 2, 'x zzz', needs the token 'zzz', which the vocabulary lacks")]
    [InlineData("merges.txt", "x q", "DIF0702", "merge 1, 'x q', needs the token 'xq', which the vocabulary lacks")]
    [InlineData("tokenizer_config.json", "{", "DIF0580", "is not JSON")]
    [InlineData("tokenizer_config.json", "[]", "DIF0703", "write a JSON object")]
    [InlineData("tokenizer_config.json", """{ "model_max_length": "long" }""", "DIF0703", "model_max_length of")]
    [InlineData("tokenizer_config.json", """{ "model_max_length": 2 }""", "DIF0703", "at least 3")]
    [InlineData("tokenizer_config.json", """{ "model_max_length": -77 }""", "DIF0703", "at least 3")]
    [InlineData("tokenizer_config.json", """{ "added_tokens_decoder": { "x": { "content": "y" } } }""", "DIF0703", "the number of an added token of")]
    [InlineData("special_tokens_map.json", """{ "pad_token": 3 }""", "DIF0703", "pad_token of")]
    [InlineData("special_tokens_map.json", """{ "pad_token": "<pad>" }""", "DIF0704", "the pad token of")]
    [InlineData("special_tokens_map.json", """{ "pad_token": "" }""", "DIF0704", "the pad token of")]
    [InlineData("added_tokens.json", """{ "<x>": "y" }""", "DIF0703", "the token '<x>' of")]
    [InlineData("added_tokens.json", """{ "a</w>": 5000 }""", "DIF0701", "the added token 'a</w>' has another number there")]
    [InlineData("added_tokens.json", """{ "<x>": 5 }""", "DIF0701", "both have the number 5")]
    public void ABrokenFileIsOneSentence(string file, string content, string id, string why)
    {
        Write(file, content);
        Refused(id, why);
    }

    [Fact]
    public void APackedFileIsReadAndADamagedOneRefused()
    {
        var packed = Packed(File.ReadAllBytes(PathOf("merges.txt")));
        File.Delete(PathOf("merges.txt"));
        File.WriteAllBytes(PathOf("merges.txt.gz"), packed);
        Assert.Equal(Tokenizers.Tiny.Ids("thundering"), ClipTokenizer.Load(_folder).Ids("thundering"));

        File.WriteAllBytes(PathOf("merges.txt.gz"), packed[..^40]);
        Refused("DIF0702", "its gzip data are damaged or cut off");
        File.WriteAllBytes(PathOf("merges.txt.gz"), Packed([0xFF, 0xFE]));
        Refused("DIF0702", "it is no text in UTF-8");
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
            stream.Write(bytes);

        return packed.ToArray();
    }

    private void Refused(string id, string why)
    {
        var error = Assert.Throws<DiffusionException>(() => ClipTokenizer.Load(_folder));
        Assert.Equal(id, error.Id);
        Assert.Single(error.Findings);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private void Write(string name, string content) => File.WriteAllText(PathOf(name), content, new UTF8Encoding(false));
}
