using System;
using System.Linq;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime.Text;

namespace Diffusion.Tests.Prompts;

public sealed class ClipTokenizerTests
{
    private static readonly int[] Flooble = [320, 3086, 539, 320, 4062, 1059];

    [Fact]
    public void AnInventedWordIsMadeOfPieces()
    {
        var tokens = Tokenizers.Clip.Encode("A painting of a flooble");

        Assert.Equal([49406, .. Flooble, 49407], tokens.Ids.Take(tokens.Length));
        Assert.Equal("[49406, 320, 3086, 539, 320, 4062, 1059, 49407]", tokens.ToString());
        Assert.Equal("a painting of a floo·ble", Tokenizers.Clip.Show("A painting of a flooble"));
        Assert.Equal(["a", "painting", "of", "a", "floo", "ble"], Tokenizers.Clip.Pieces("A painting of a flooble").Select(piece => piece.Text));
        Assert.Equal([true, true, true, true, false, true], Tokenizers.Clip.Pieces("A painting of a flooble").Select(piece => piece.EndsWord));
    }

    [Fact]
    public void IdsAreNeitherPaddedNorCutOff()
    {
        Assert.Equal(Flooble, Tokenizers.Clip.Ids("A painting of a flooble"));
        Assert.Equal(500, Tokenizers.Clip.Ids(string.Join(" ", Enumerable.Repeat("word", 500))).Count);
        Assert.Empty(Tokenizers.Clip.Ids(" \t\r\n\u3000"));
    }

    [Fact]
    public void AShortPromptIsPaddedAndMasked()
    {
        var tokens = Tokenizers.Clip.Encode("a cat");

        Assert.Equal(77, tokens.Ids.Count);
        Assert.Equal(4, tokens.Length);
        Assert.Equal([1, 1, 1, 1, 0], tokens.Mask.Take(5));
        Assert.Equal(77, tokens.Mask.Count);
        Assert.All(tokens.Ids.Skip(4), id => Assert.Equal(49407, id));
        Assert.False(tokens.IsTruncated);
        Assert.Null(tokens.Warning);
        Assert.Equal(tokens, Tokenizers.Clip.Encode("a cat"));
    }

    [Fact]
    public void WhatIsCutOffIsNamed()
    {
        var tokens = Tokenizers.Clip.Encode(string.Join(" ", Enumerable.Repeat("word", 74)) + " flooble under a Tree");

        Assert.Equal(77, tokens.Length);
        Assert.Equal(81, tokens.Total);
        Assert.Equal(["flooble", "under", "a", "tree"], tokens.Dropped);
        Assert.Equal(4062, tokens.Ids[75]);
        Assert.Equal("DIF0705", tokens.Warning!.Rule.Id);
        Assert.Equal(RuleSeverity.Warning, tokens.Warning.Rule.Severity);
        Assert.Equal("the prompt has 79 tokens, but the text encoder reads 75, so these words are not seen: 'flooble under a tree'; shorten the prompt or encode it in chunks", tokens.Warning.Message);
        Assert.False(Tokenizers.Clip.Encode(string.Join(" ", Enumerable.Repeat("word", 75))).IsTruncated);
    }

    [Theory]
    [InlineData("A painting of a flooble", "a painting of a flooble")]
    [InlineData("hello, WORLD!", "hello , world !")]
    [InlineData("naïve café 😀 猫", "naïve café 😀 猫")]
    [InlineData("", "")]
    public void TokensAreDecoded(string text, string decoded)
    {
        Assert.Equal(decoded, Tokenizers.Clip.Decode(Tokenizers.Clip.Encode(text).Ids));
        Assert.Equal(decoded, Tokenizers.Tiny.Decode(Tokenizers.Tiny.Ids(text)));
    }

    [Fact]
    public void SpecialTokensAreDecodedOnRequest() =>
        Assert.Equal("<|startoftext|>cat <|endoftext|>", Tokenizers.Clip.Decode([49406, 2368, 49407], keepSpecial: true));

    [Fact]
    public void ANumberWithoutATokenIsRefused() => Assert.Equal("DIF0706", Assert.Throws<DiffusionException>(() => Tokenizers.Clip.Decode([49408])).Id);

    [Theory]
    [InlineData("cat<|endoftext|>dog", new[] { 2368, 49407, 1929 })]
    [InlineData("cat <|EndOfText|> dog", new[] { 2368, 49407, 1929 })]
    [InlineData("<|startoftext|><|startoftext|>", new[] { 49406, 49406 })]
    public void SpecialTokensInATextAreTakenWhole(string text, int[] ids) => Assert.Equal(ids, Tokenizers.Clip.Ids(text));

    [Theory]
    [InlineData("😀", "😀")]
    [InlineData("猫", @"\xE7·\x8C·\xAB")]
    public void APartOfACharacterIsShownAsItsBytes(string text, string shown) => Assert.Equal(shown, Tokenizers.Clip.Show(text));

    [Fact]
    public void HalvesOfSurrogatePairsAreReplaced() => Assert.Equal(Tokenizers.Clip.Ids("a\uFFFDb"), Tokenizers.Clip.Ids("a\uD83Db"));

    [Fact]
    public void ALongWordIsNoLongWork()
    {
        var word = new string('a', 100_000);

        Assert.Equal(word, Tokenizers.Clip.Decode(Tokenizers.Clip.Ids(word)));
    }

    [Fact]
    public void ThreadsShareATokenizer()
    {
        var tokenizer = ClipTokenizer.Load(Tokenizers.TinyFolder);
        var texts = Enumerable.Range(0, 400).Select(i => $"a {(i % 7) + 100} horses, thundering number{i % 50}").ToArray();
        var expected = texts.Select(Tokenizers.Tiny.Encode).ToArray();

        Parallel.For(0, texts.Length, i => Assert.Equal(expected[i], tokenizer.Encode(texts[i])));
    }

    [Fact]
    public void AVocabularyInMemoryIsEnough()
    {
        var tokenizer = ClipTokenizer.From(Tokenizers.Bytes("ab", "abc</w>", "<cat-toy>"), ["a b", "ab c</w>"], new ClipTokenizerSettings().WithPad("!").WithMaxLength(8).WithAdded("<cat-toy>"));

        Assert.Equal(517, tokenizer.VocabularySize);
        Assert.Equal([515, 513, 514, 516, 0, 0, 0, 0], tokenizer.Encode("ABC <cat-toy>").Ids.Select(id => id == tokenizer.PadId ? 0 : id));
        Assert.Equal("ab·c·d", tokenizer.Show("abcd"));
        Assert.Equal("abcd abc", tokenizer.Decode(tokenizer.Ids("ABCD\nabc")));
    }

    // What Stable Diffusion 2 pads with is a special token, and those are taken whole.
    [Fact]
    public void AnExclamationMarkIsThePaddingWhereTheFilesSaySo()
    {
        var tokenizer = ClipTokenizer.From(Tokenizers.Bytes("!!</w>"), ["! !</w>"], new ClipTokenizerSettings().WithPad("!").WithMaxLength(5));

        Assert.Equal(tokenizer.PadId, tokenizer.Encode("a").Ids[4]);
        Assert.Equal([tokenizer.PadId, tokenizer.PadId], tokenizer.Ids("!!"));
    }

    [Fact]
    public void AByteOutsideOfTheVocabularyIsTheUnknownToken()
    {
        var tokenizer = ClipTokenizer.From(
            Tokenizers.Bytes().Where(token => token.Key is not ("b" or "b</w>")).ToDictionary(token => token.Key, token => token.Value),
            []);

        Assert.Equal([tokenizer.EndId, tokenizer.EndId], tokenizer.Ids("bb"));
    }

    [Fact]
    public void WhatCannotBeATokenizerIsRefused()
    {
        var good = Tokenizers.Bytes("ab");

        Refused("DIF0701", () => ClipTokenizer.From(good.Append(new("x y", 3)).ToDictionary(token => token.Key, token => token.Value), []));
        Refused("DIF0701", () => ClipTokenizer.From(good.Append(new("x y", -3)).ToDictionary(token => token.Key, token => token.Value), []));
        Refused("DIF0701", () => ClipTokenizer.From(good.Take(0).ToDictionary(token => token.Key, token => token.Value), []));
        Refused("DIF0702", () => ClipTokenizer.From(good, ["a b", "a"]));
        Refused("DIF0702", () => ClipTokenizer.From(good, ["a b c"]));
        Refused("DIF0702", () => ClipTokenizer.From(good, ["a c"]));
        Refused("DIF0702", () => ClipTokenizer.From(good, ["xx b"]));
        Refused("DIF0703", () => ClipTokenizer.From(good, [], new ClipTokenizerSettings().WithMaxLength(2)));
        Refused("DIF0704", () => ClipTokenizer.From(good, [], new ClipTokenizerSettings().WithPad("<pad>")));
        Refused("DIF0704", () => ClipTokenizer.From(good, [], new ClipTokenizerSettings().WithAdded("")));
    }

    private static void Refused(string id, Func<ClipTokenizer> make) => Assert.Equal(id, Assert.Throws<DiffusionException>(make).Id);
}
