using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Tests.Samplers;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Receipts;

/// <summary>Receipts as values, as JSON, and as the line that other programs read.</summary>
public sealed partial class ReceiptTests
{
    [Fact]
    public Task ItsTextsArePinned() => Verify(ReceiptCases.Whole + "\n\n" + ReceiptCases.Whole.Parameters + "\n");

    [Fact]
    public void ItSurvivesJsonAsTheSameText()
    {
        var text = ReceiptCases.Whole.ToString();
        var back = Receipt.FromJson(JsonValue.Parse(text));
        Assert.Equal(ReceiptCases.Whole, back);
        Assert.Equal(text, back.ToString());
        Assert.DoesNotContain(text, character => character is < ' ' or > '~');
    }

    [Fact]
    public void TheFirstPictureSpeaksForAll()
    {
        var receipt = ReceiptCases.Whole;
        Assert.Equal((42, "a (red:1.2) circle", null), (receipt.Seed, receipt.Prompt, receipt.Label));
        Assert.Equal([42, long.MinValue], receipt.Seeds);
        Assert.Equal("zwei\nKreise, größer", receipt.WithPictures(receipt.Pictures[1]).Prompt);
    }

    [Fact]
    public void WhatALaterVersionAddsIsPassedOverUnlessItSaysThatItMatters()
    {
        var json = ReceiptCases.Whole.ToJson();
        Assert.Equal(ReceiptCases.Whole, Receipt.FromJson(json.With("mood", JsonValue.Of("good"))));
        var error = Assert.Throws<DiffusionException>(() => Receipt.FromJson(json.With("format", JsonValue.Of(2)).Without("pipeline")));
        Assert.Equal("DIF0463: the receipt has the format 2, but this version reads formats 1 to 1; update Diffusion.Dsl", error.Message);
    }

    [Theory]
    [InlineData("pictures", "[]", "DIF0581")]
    [InlineData("pictures", "[{}]", "DIF0582")]
    [InlineData("format", "0", "DIF0463")]
    [InlineData("format", "\"1\"", "DIF0581")]
    [InlineData("machine", "{\"device\":\"cpu\",\"precision\":\"float8\"}", "DIF0464")]
    [InlineData("sampled", "null", "DIF0581")]
    public void AnotherValueIsRefused(string member, string value, string id) =>
        Assert.Equal(id, Assert.Throws<DiffusionException>(() => Receipt.FromJson(ReceiptCases.Whole.ToJson().With(member, JsonValue.Parse(value)))).Id);

    [Fact]
    public void TheWebUiReadsItsLine()
    {
        var lines = ReceiptCases.Whole.Parameters.Split('\n');
        Assert.Equal(["a (red:1.2) circle", "Negative prompt: blurry"], lines[..^1]);
        Assert.Equal(
            [
                ("Steps", "20"), ("Sampler", "DPM++ 2M"), ("Schedule type", "Karras"), ("CFG scale", "7.5"), ("Seed", "42"), ("Size", "768x512"), ("Model hash", "0123456789"), ("Model", "sd 15"),
                ("Denoising strength", "0.75"), ("Clip skip", "2"), ("RNG", "CPU"), ("Version", "Diffusion.Dsl 0.1.0"),
            ],
            Pairs(lines[^1]));
    }

    [Fact]
    public void WithoutPromptAndGuidanceTheLineStandsAlone()
    {
        var whole = ReceiptCases.Whole;
        var pipeline = Pipeline.From(Pretrained.From("models/digits").Unet).Negative("");
        var receipt = (whole with { Pipeline = pipeline, Weights = default, Spec = whole.Spec with { Sampler = Ddim(40), Guiders = default } }).WithPictures(new ReceiptPicture(7) { Label = 3 });
        Assert.Equal("Steps: 40, Sampler: DDIM, CFG scale: 1, Seed: 7, Size: 768x512, Model: digits, Label: 3, RNG: CPU, Version: Diffusion.Dsl 0.1.0", receipt.Parameters);
    }

    [Fact]
    public void AValueThatWouldEndItsPairIsQuoted()
    {
        var whole = ReceiptCases.Whole;
        var receipt = whole with { Machine = whole.Machine with { Version = "1,2: \"three\"" } };
        Assert.EndsWith(", Version: \"Diffusion.Dsl 1,2: \\\"three\\\"\"", receipt.Parameters, StringComparison.Ordinal);
        Assert.Equal("\"Diffusion.Dsl 1,2: \\\"three\\\"\"", Pairs(receipt.Parameters.Split('\n')[^1])[^1].Value);
    }

    [Fact]
    public void OnlyTheSameSamplerHasTheWebUisName()
    {
        Assert.Equal(("DPM++ 2M", ""), Named(DpmSolver(20)));
        Assert.Equal(("DPM++ 2M SDE", "Exponential"), Named(DpmSolver(20, algorithm: SolverAlgorithm.SdeDpmSolverPlusPlus, sigmas: SigmaSchedule.Exponential)));
        Assert.Equal(("DPM++ 3M SDE", ""), Named(DpmSolver(20, 3, SolverAlgorithm.SdeDpmSolverPlusPlus)));
        Assert.Equal(("DpmSolver", ""), Named(DpmSolver(20, 3)));
        Assert.Equal(("Euler a", "Beta"), Named(EulerAncestral(20).WithSigmas(SigmaSchedule.Beta())));
        Assert.Equal(("Ddpm", ""), Named(Ddpm(20)));
        Assert.All(Schedulers.All, entry => Assert.NotEmpty(Named(entry.Create(5)).Name));
    }

    private static (string Name, string Spread) Named(Scheduler sampler)
    {
        var whole = ReceiptCases.Whole;
        var pairs = Pairs((whole with { Spec = whole.Spec with { Sampler = sampler.Resolve(SchedulerConfig.Default) } }).Parameters.Split('\n')[^1]).ToDictionary(pair => pair.Key, pair => pair.Value);
        return (pairs["Sampler"], pairs.GetValueOrDefault("Schedule type", ""));
    }

    // As readers take a line apart: a word, a colon, and a quoted value or one up to the comma.
    private static (string Key, string Value)[] Pairs(string line) => [.. Pair().Matches(line).Select(match => (match.Groups["key"].Value, match.Groups["value"].Value.Trim()))];

    [GeneratedRegex("""\s*(?<key>\w[\w /-]+):\s*(?<value>"(?:[^"\\]|\\.)+"|[^,]*)(?:,|$)""")]
    private static partial Regex Pair();
}
