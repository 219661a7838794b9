using System;
using System.Linq;
using CsCheck;
using Diffusion.Dsl;

namespace Diffusion.Tests.Prompts;

public sealed class WeightedPromptTests
{
    private static readonly double[] Weights = [1, 1.1, 0.5, -2, 1e-7, 1e22, 0];

    [Theory]
    [InlineData("normal text", "normal text|1")]
    [InlineData("an (important) word", "an |1;important|1.1; word|1")]
    [InlineData("((word)) [dim] [[dim]]", "word|1.2100000000000002; |1;dim|0.9090909090909091; |1;dim|0.8264462809917354")]
    [InlineData(@"\(literal\]", "(literal]|1")]
    [InlineData(@"back\\slash", @"back\slash|1")]
    [InlineData("(unnecessary)(parens)", "unnecessaryparens|1.1")]
    [InlineData("(((house:1.3)) [on] a (hill:0.5), sun)", "house|1.5730000000000004; |1.1;on|1; a |1.1;hill|0.55;, sun|1.1")]
    [InlineData("(a: b : 1.5 ) (c:-1)", "a: b |1.5; |1;c|-1")]
    [InlineData("4:3, (16:9 wide), (a:.)", "4:3, |1;16:9 wide|1.1;, |1;a:.|1.1")]
    [InlineData("a\nBREAK  b (c BREAK d:1.2)", "a|1;BREAK;b |1;c|1.2;BREAK;d|1.2")]
    [InlineData("BREAKS my_BREAK \\BREAK break", "BREAKS my_BREAK BREAK break|1")]
    [InlineData("one|other :1.2 +-{x}", "one|other :1.2 +-{x}|1")]
    [InlineData("()", "")]
    [InlineData("", "")]
    public void TheWebuisGrammarIsRead(string text, string segments) => Assert.Equal(segments, Listed(WeightedPrompt.Parse(text)));

    [Theory]
    [InlineData("a word+ b", "a |1;word|1.1; b|1")]
    [InlineData("word++ word-- word", "word|1.2100000000000002; |1;word|0.81; word|1")]
    [InlineData("a red+, (blue) fox-.", "a |1;red|1.1;, blue |1;fox|0.9;.|1")]
    [InlineData("(several words)1.3 (more)++", "several words|1.3; |1;more|1.2100000000000002")]
    [InlineData("(a (dog)1.5 runs)0.5.", "a |0.5;dog|0.75; runs|0.5;.|1")]
    [InlineData("(very+ old)2", "very|2.2; old|2")]
    [InlineData("(a)-0.5 (b)-", "a|-0.5; |1;b|0.9")]
    [InlineData("well-known a - b +1 [x] C\\+\\+ BREAK", "well-known a - b +1 [x] C++ BREAK|1")]
    [InlineData("(cat). \\(dog\\)", "cat. (dog)|1")]
    [InlineData("( \"a red fox+\" , \"(snow)1.2\" ).and()", "a red |1;fox|1.1;BREAK;snow|1.2")]
    [InlineData("(\"hello\" she said)1.2", "\"hello\" she said|1.2")]
    [InlineData("", "")]
    public void CompelsGrammarIsRead(string text, string segments) => Assert.Equal(segments, Listed(WeightedPrompt.Parse(text, PromptGrammar.Compel)));

    [Theory]
    [InlineData("a (b) [c] \\ d+ BREAK e", "a (b) [c] \\ d+|1;BREAK;e|1")]
    public void PlainTextHasNoMarkupButBreaks(string text, string segments) => Assert.Equal(segments, Listed(WeightedPrompt.Parse(text, PromptGrammar.Plain)));

    [Theory]
    [InlineData(PromptGrammar.A1111, "a (red fox", "DIF0240", "'(' at column 3 that is never closed")]
    [InlineData(PromptGrammar.A1111, "((a)", "DIF0240", "'(' at column 1 that is never closed")]
    [InlineData(PromptGrammar.A1111, "a) b", "DIF0240", "')' at column 2 that closes nothing")]
    [InlineData(PromptGrammar.A1111, "a:1.2)", "DIF0240", "')' at column 6 that closes nothing")]
    [InlineData(PromptGrammar.A1111, "(a]", "DIF0240", "']' at column 3 that closes the '(' of column 1")]
    [InlineData(PromptGrammar.A1111, "[a:1.2)", "DIF0240", "')' at column 7 that closes the '[' of column 1")]
    [InlineData(PromptGrammar.A1111, "[a", "DIF0240", "'[' at column 1 that is never closed")]
    [InlineData(PromptGrammar.A1111, "(fox:1.2.3)", "DIF0241", "at column 6 is '1.2.3'")]
    [InlineData(PromptGrammar.A1111, "(fox:1e999)", "DIF0241", "'1e999'")]
    [InlineData(PromptGrammar.A1111, "((a:1e300):1e300)", "DIF0241", "the segment 'a'")]
    [InlineData(PromptGrammar.A1111, "a [cat:dog:0.5]", "DIF0242", "prompt editing [from:to:when] at column 3")]
    [InlineData(PromptGrammar.A1111, "a [cat|dog]", "DIF0242", "alternation [one|other] at column 3")]
    [InlineData(PromptGrammar.Compel, "a (red fox", "DIF0240", "'(' at column 3 that is never closed")]
    [InlineData(PromptGrammar.Compel, "a)1.2", "DIF0240", "')' at column 2 that closes nothing")]
    [InlineData(PromptGrammar.Compel, "(fox)1.2.3", "DIF0241", "at column 6 is '1.2.3'")]
    [InlineData(PromptGrammar.Compel, "(fox)2nd", "DIF0241", "'2nd'")]
    [InlineData(PromptGrammar.Compel, "fox+-", "DIF0242", "both + and - behind one part at column 4")]
    [InlineData(PromptGrammar.Compel, "(\"a\", \"b\").blend(1, 2)", "DIF0242", ".blend(…) at column 11")]
    [InlineData(PromptGrammar.Compel, "(\"a\", \"b\").and(1, 2)", "DIF0242", ".and(…) at column 11")]
    [InlineData(PromptGrammar.Compel, "a (fox).swap(cat)", "DIF0242", ".swap(…) at column 8")]
    [InlineData(PromptGrammar.Compel, "(\"a\", \"(b\").and()", "DIF0240", "'(' at column 8 that is never closed")]
    public void WhatCannotBeReadIsRefusedWithItsColumn(PromptGrammar grammar, string text, string id, string why)
    {
        var error = Assert.Throws<DiffusionException>(() => WeightedPrompt.Parse(text, grammar));

        Assert.Equal(id, error.Id);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Findings, WeightedPrompt.Check(text, grammar));
    }

    [Fact]
    public void AGoodPromptHasNoFindings() => Assert.Empty(WeightedPrompt.Check("a (red:1.3) fox"));

    [Fact]
    public void ALongPromptIsQuotedAroundTheMistake()
    {
        var error = Assert.Throws<DiffusionException>(() => WeightedPrompt.Parse(new string('x', 500) + " (" + new string('y', 500)));

        Assert.Contains("x (yyy", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 1, 250);
    }

    [Fact]
    public void SegmentsHaveOneForm()
    {
        var prompt = WeightedPrompt.Of(new("a "), new("red "), new(""), new(" ", 1.5), PromptSegment.Break, new(" x"), new(" ", 2), PromptSegment.Break.WithWeight(3));

        Assert.Equal("a red|1;BREAK;x|1;BREAK", Listed(prompt));
        Assert.Equal("a red BREAK x BREAK", prompt.ToString());
        Assert.Equal("a red x ", prompt.PlainText);
        Assert.False(prompt.IsWeighted);
        Assert.Equal(prompt, prompt.WithSegments(prompt.Segments));
        Assert.Equal("DIF0241", Assert.Throws<DiffusionException>(() => WeightedPrompt.Of(new PromptSegment("a", double.NaN))).Id);
    }

    [Theory]
    [InlineData("a ((red)) fox, [snow:ball] BREAK x", "a (red:1.2100000000000002) fox, (snow:ball:0.9090909090909091) BREAK x")]
    [InlineData(@"\(a\) \BREAK \\", @"\(a\) \BREAK \\")]
    public void TheTextIsCanonical(string text, string canonical) => Assert.Equal(canonical, WeightedPrompt.Parse(text).ToString());

    [Fact]
    public void TheTextIsReadBack() => Gen.Select(Gen.String["ab:1.2)([]\\ BREAK|+-\"e5"], Gen.Int[0, Weights.Length - 1].Select(i => Weights[i])).Array[0, 6]
        .Select(parts => new WeightedPrompt(parts.Select(part => part.Item1 == "" ? PromptSegment.Break : new PromptSegment(part.Item1, part.Item2))))
        .Sample(prompt => WeightedPrompt.Parse(prompt.ToString()) == prompt);

    [Fact]
    public void NoTextCrashesAParser() => Gen.Select(Gen.String["ab:1.2)([]\\ BREAK|+-\",.and()e\n"], Gen.Enum<PromptGrammar>())
        .Sample((text, grammar) => WeightedPrompt.Check(text, grammar).All(finding => finding.Rule.Id.StartsWith("DIF024", StringComparison.Ordinal)));

    private static string Listed(WeightedPrompt prompt) =>
        string.Join(";", prompt.Segments.Select(segment => segment.IsBreak ? "BREAK" : FormattableString.Invariant($"{segment.Text}|{segment.Weight}")));
}
