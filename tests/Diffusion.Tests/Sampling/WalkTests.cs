using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using Diffusion.Runtime.Weights;
using TorchSharp;
using static System.Math;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;
using static TorchSharp.torch;

namespace Diffusion.Tests.Sampling;

/// <summary>Between seeds and between prompts.</summary>
public sealed class WalkTests(TinyStableDiffusion sd) : IClassFixture<TinyStableDiffusion>
{
    private const string Words = "a small house";

    private static readonly CompileOptions Options = CompileOptions.Default.WithCacheDirectory("").WithHoistText(false).WithHoistTimes(false);

    private Pipeline Guided => sd.Pipeline.Scheduler(Ddim(3)).Guidance(Cfg(5));

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(1)]
    public void OnTheArcTheNormStays(double share)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Noise(1), Noise(2));
        b = b * (a.norm() / b.norm());
        var between = Latents.Slerp(a, b, share);

        Assert.InRange(Abs((between.norm().item<float>() / a.norm().item<float>()) - 1), 0, 1e-6);
    }

    /// <summary>The formula of diffusers' examples, number by number.</summary>
    [Fact]
    public void EachOfABatchGoesItsOwnWay()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Noise(3, 2), Noise(4, 2));
        var between = Latents.Slerp(a, b, 0.3);
        for (var n = 0; n < 2; n++)
        {
            var (u, v) = (Values(a[n]), Values(b[n]));
            var angle = Acos(u.Zip(v, (x, y) => x * y).Sum() / Sqrt(u.Sum(x => x * x) * v.Sum(x => x * x)));
            var expected = u.Zip(v, (x, y) => ((Sin(0.7 * angle) * x) + (Sin(0.3 * angle) * y)) / Sin(angle));

            Assert.All(expected.Zip(Values(between[n])), pair => Assert.InRange(pair.First - pair.Second, -1e-6, 1e-6));
        }
    }

    [Fact]
    public void AlongOneDirectionTheWayIsStraightAndTheEndsAreExact()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Noise(5), Noise(6));

        Assert.True(Latents.Slerp(a, a * 3, 0.25).allclose(a * 1.5));
        Assert.True(Latents.Slerp(a, b, 0).equal(a).all().item<bool>());
        Assert.True(Latents.Slerp(a, b, 1).equal(b).all().item<bool>());
        Assert.Equal("DIF0711", Assert.Throws<DiffusionException>(() => Latents.Slerp(a, b, 1.1)).Id);
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => Latents.Slerp(a, b[0], 0.5)).Id);
    }

    [Theory]
    [InlineData("Ddim")]
    [InlineData("EulerAncestral")]
    [InlineData("DpmSolverSde")]
    public void AWalkGoesFromOneSeedToTheOther(string name)
    {
        using var run = Guided.Scheduler(Schedulers.All.Single(entry => entry.Name == name).Create(3)).Compile(Options).Load();
        var walk = run.Walk(7, 8, 5, Words, batch: 2);
        var ends = new[] { run.Generate(Words, seed: 7)[0], run.Generate(Words, seed: 8)[0] };

        Assert.Equal([7L, 7, 7, 7, 8], walk.Seeds);
        Assert.InRange(Difference(walk[0], ends[0]), 0, 1);
        Assert.InRange(Difference(walk[4], ends[1]), 0, 1);
        Assert.True(Difference(walk[1], ends[0]) < Difference(walk[4], ends[0]));
    }

    [Fact]
    public void ALoopFromNoiseOnTheArcIsTheFrameBitForBit()
    {
        var compiled = Guided.Compile(Options);
        using var run = compiled.Load();
        var expected = run.Walk(7, 8, 3, Words, batch: 1)[1];

        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var encoder = ClipTextEncoder.Load(sd.Folder, memory: WeightMemory.Packed);
        using var unet = UNet2DConditionModel.FromPretrained(sd.Folder, memory: WeightMemory.Packed);
        using var vae = AutoencoderKL.FromPretrained(Path.Combine(sd.Folder, "vae"), memory: WeightMemory.Packed);
        using var first = new SeededNoise([7]);
        using var second = new SeededNoise([8]);
        using var network = new NetworkByHand(unet, encoder.Encode(Words).Values, encoder.Encode("").Values, x => x);
        using var steps = new SamplingRun(network, first, [1, 4, 8, 8]) { Initial = Latents.Slerp(first.Draw([1, 4, 8, 8]), second.Draw([1, 4, 8, 8]), 0.5) };

        Assert.Equal(3, compiled.Sampler.Sample(steps).Count());
        Assert.Equal(expected.Pixels.ToArray(), Image.FromTensor(vae.Decode(vae.Unscale(steps.X))).Pixels.ToArray());
    }

    [Fact]
    public void AMixtureIsTheLoopOverMixedTextsBitForBit()
    {
        var compiled = Guided.Compile(Options);
        using var run = compiled.Load();
        var expected = run.Generate([Prompt.Mix(Words, "two cats", 0.3).WithSeed(5)])[0];

        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var encoder = ClipTextEncoder.Load(sd.Folder, memory: WeightMemory.Packed);
        using var unet = UNet2DConditionModel.FromPretrained(sd.Folder, memory: WeightMemory.Packed);
        using var vae = AutoencoderKL.FromPretrained(Path.Combine(sd.Folder, "vae"), memory: WeightMemory.Packed);
        using var noise = new SeededNoise([5]);
        var text = TextEmbeddings.Mix(encoder.Encode(Words), encoder.Encode("two cats"), 0.3).Values;
        using var network = new NetworkByHand(unet, text, encoder.Encode("").Values, x => x);
        using var steps = new SamplingRun(network, noise, [1, 4, 8, 8]);

        Assert.True(text.allclose((0.7 * encoder.Encode(Words).Values) + (0.3 * encoder.Encode("two cats").Values), atol: 1e-6));
        Assert.Equal(3, compiled.Sampler.Sample(steps).Count());
        Assert.Equal(expected.Pixels.ToArray(), Image.FromTensor(vae.Decode(vae.Unscale(steps.X))).Pixels.ToArray());
    }

    [Fact]
    public void MixturesAreValues()
    {
        var (a, b) = (Prompt.Of("a").WithSeed(1), Prompt.Of("b").WithSeed(2).WithScale(3));

        Assert.Equal(a, Prompt.Mix(a, b, 0));
        Assert.Equal(b.Parts, Prompt.Mix(a, b, 1).Parts);
        Assert.Equal(a, Prompt.Mix(a, a, 0.1));
        Assert.Equal([new("a", 0.25), new("b", 0.75)], Prompt.Mix(Prompt.Mix(a, b, 0.5), b, 0.5).Parts);
        Assert.Equal("DIF0711", Assert.Throws<DiffusionException>(() => Prompt.Mix("a", "b", double.NaN)).Id);
        Assert.Throws<ArgumentException>(() => a.WithParts([]));
    }

    [Theory]
    [InlineData(PromptGrammar.Plain)]
    [InlineData(PromptGrammar.A1111)]
    public void AReplacedTokenIsTheOtherWordBitForBit(PromptGrammar grammar)
    {
        using var run = Guided.Text(Pretrained.From(sd.Folder).Clip.WithGrammar(grammar)).Compile(Options).Load();
        byte[] Drawn(Prompt prompt) => run.Generate([prompt])[0].Pixels.ToArray();
        var day = Prompt.Of("a small day by day");

        Assert.Equal(Drawn(Prompt.Of("a small art by art")), Drawn(day.ReplaceToken("day", "art")));
        Assert.Equal(Drawn(day), Drawn(day.ReplaceToken("day", "art", 0)));
        Assert.NotEqual(Drawn(day), Drawn(day.ReplaceToken("day", "art", 0.5)));
    }

    [Fact]
    public void HalfAReplacementIsTheVectorHalfWay()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var encoder = ClipTextEncoder.Load(sd.Folder, memory: WeightMemory.Packed);
        var (day, art) = (encoder.Tokenizer.Encode("a day"), encoder.Tokenizer.Encode("a art"));
        var tokens = encoder.Model.Embed(day);
        var expected = encoder.Model.Encode(tokens.WithValues((tokens.Values + encoder.Model.Embed(art).Values) / 2)).Values;

        Assert.True(encoder.Encode(day, [new TokenReplacement("day", "art", 0.5)]).Values.allclose(expected, atol: 1e-6));
    }

    [Fact]
    public void MistakesAreNamed()
    {
        using var run = Guided.Compile(Options).Load();
        string Id(Prompt prompt) => Assert.Throws<DiffusionException>(() => run.Generate([prompt])).Id;

        Assert.Equal("DIF0709", Id(Prompt.Of("a day").ReplaceToken("day", "skunks")));
        Assert.Equal("DIF0710", Id(Prompt.Of("a day").ReplaceToken("art", "day")));
        Assert.Equal("DIF0711", Assert.Throws<DiffusionException>(() => Prompt.Of("a day").ReplaceToken("day", "art", 2)).Id);
        Assert.Equal("DIF0105", Assert.Throws<DiffusionException>(() => run.Walk(1, 2, 0, Words)).Id);
        Assert.Equal("DIF0104", Assert.Throws<DiffusionException>(() => run.Walk(1, 2, 3)).Id);
        using var later = Guided.Scheduler(Ddim(10)).Strength(0.5).Compile(Options).Load();
        Assert.Equal("DIF0107", Assert.Throws<DiffusionException>(() => later.Walk(1, 2, 3, Words)).Id);
    }

    [Fact]
    public void PromptsAndScalesAreWalkedToo()
    {
        using var run = Guided.Compile(Options).Load();
        var (from, to) = (Prompt.Of(Words).WithSeed(7).WithScale(2), Prompt.Of("two cats").WithSeed(8).WithScale(9));
        var walk = run.Walk(from, to, 3, batch: 1);

        Assert.Equal(run.Generate([from])[0].Pixels.ToArray(), walk[0].Pixels.ToArray());
        Assert.Equal(run.Generate([to])[0].Pixels.ToArray(), walk[2].Pixels.ToArray());
        Assert.Single(run.Walk(from, to, 1));
    }

    [Fact]
    public void NothingStaysAllocated()
    {
        using var run = Guided.Compile(Options).Load();
        var (from, to) = (Prompt.Of("a day").WithSeed(7).WithScale(2).ReplaceToken("day", "art", 0.3), Prompt.Of("two cats").WithSeed(8));
        run.Walk(from, to, 3);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        run.Walk(from, to, 5, batch: 2);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Tensor Noise(long seed, int count = 1)
    {
        using var source = new SeededNoise(Enumerable.Range(0, count).Select(i => seed + (10 * i)));
        return source.Draw([count, 4, 16, 16]);
    }

    private static double[] Values(Tensor tensor) => [.. tensor.to(ScalarType.Float64).flatten().data<double>()];

    private static int Difference(Image one, Image other) => Enumerable.Range(0, one.Pixels.Length).Max(i => Abs(one.Pixels.Span[i] - other.Pixels.Span[i]));
}
