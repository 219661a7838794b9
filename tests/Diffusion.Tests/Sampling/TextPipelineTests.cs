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
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;
using static TorchSharp.torch;

namespace Diffusion.Tests.Sampling;

/// <summary>Pipelines from prompts to pictures, as users run them; the parity program holds their numbers to diffusers'.</summary>
public sealed class TextPipelineTests(TinyStableDiffusion sd) : IClassFixture<TinyStableDiffusion>
{
    private const string Prompt = "a photo of a small house";

    private static readonly CompileOptions Options = CompileOptions.Default.WithCacheDirectory("");

    private static readonly Image Picture = new(16, 16, 3, Enumerable.Range(0, 16 * 16 * 3).Select(i => (byte)(i * 7)).ToArray());

    private Pipeline Guided => sd.Pipeline.Scheduler(Ddim(3)).Guidance(Cfg(5));

    [Fact]
    public void APictureIsTheSameAloneAndInABatch()
    {
        using var run = Guided.Compile(Options).Load();
        var together = run.Generate([Prompt, "two cats"], seed: 4);
        var alone = run.Generate("two cats", seed: 5);

        Assert.Equal((16, 16, 3), (together[0].Width, together[0].Height, together[0].Channels));
        Assert.Equal([4L, 5], together.Seeds);
        Assert.InRange(Difference(together[1], alone[0]), 0, 1);
        Assert.True(Difference(together[0], together[1]) > 3);
    }

    [Fact]
    public void HoistingChangesNothing()
    {
        using var hoisted = Guided.Compile(Options).Load();
        using var plain = Guided.Compile(Options.WithHoistText(false).WithHoistTimes(false)).Load();

        Assert.InRange(Difference(hoisted.Generate(Prompt)[0], plain.Generate(Prompt)[0]), 0, 1);
    }

    [Fact]
    public void TheInterpreterDrawsTheSame()
    {
        using var compiled = Guided.Compile(Options).Load();
        using var interpreted = Guided.Compile(Options.WithMode(CompileMode.Interpreter)).Load();

        Assert.InRange(Difference(compiled.Generate(Prompt)[0], interpreted.Generate(Prompt)[0]), 0, 1);
    }

    [Fact]
    public void AnEmptyNegativePromptIsNoneBitForBitAndAnotherIsNot()
    {
        using var none = Guided.Compile(Options).Load();
        using var empty = Guided.Negative("").Compile(Options).Load();
        using var other = Guided.Negative("two cats").Compile(Options).Load();
        var expected = none.Generate(Prompt)[0];

        Assert.Equal(expected.Pixels.ToArray(), empty.Generate(Prompt)[0].Pixels.ToArray());
        Assert.NotEqual(expected.Pixels.ToArray(), other.Generate(Prompt)[0].Pixels.ToArray());
    }

    [Fact]
    public void WithoutGuidanceHalfOfTheBatchIsCompiledAway()
    {
        Assert.Contains("EvaluateBoth", Guided.Compile(Options).ToCSharp());
        Assert.DoesNotContain("EvaluateBoth", Guided.WithGuiders(Cfg(1)).Compile(Options).ToCSharp());
        using var one = Guided.WithGuiders(Cfg(1)).Compile(Options).Load();
        using var none = Guided.WithGuiders().Compile(Options).Load();

        Assert.Equal(none.Generate(Prompt)[0].Pixels.ToArray(), one.Generate(Prompt)[0].Pixels.ToArray());
    }

    /// <summary>What the course does by hand (unit 3, notebook 1).</summary>
    [Fact]
    public void ALoopOverThePartsIsThePipelineBitForBit()
    {
        using var run = Guided.Compile(Options).Load();
        var expected = run.Generate(Prompt, seed: 42)[0];

        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var encoder = ClipTextEncoder.Load(sd.Folder, memory: WeightMemory.Packed);
        using var unet = UNet2DConditionModel.FromPretrained(sd.Folder, memory: WeightMemory.Packed);
        using var vae = AutoencoderKL.FromPretrained(Path.Combine(sd.Folder, "vae"), memory: WeightMemory.Packed);
        using var network = new UNet2DConditionNetwork(unet, owns: false);
        using var text = new TextConditions(encoder.Encode(Prompt).Values, encoder.Encode("").Values);
        using var noise = new SeededNoise([42]);
        var compiled = Guided.Compile(Options);
        network.Prepare(compiled.Spec.Sampler.Timesteps(compiled.Spec.Noise));
        using var steps = new SamplingRun(network, noise, [1, 4, 8, 8]) { Conditions = Conditions.None.WithText(text) };
        foreach (var step in compiled.Sampler.Sample(steps))
            Assert.InRange(step.Index, 0, 2);
        var image = Image.FromTensor(vae.Decode(vae.Unscale(steps.X)));

        Assert.Equal(expected.Pixels.ToArray(), image.Pixels.ToArray());
    }

    [Fact]
    public void StrengthSaysHowMuchOfAPictureIsMadeNew()
    {
        using var little = sd.Pipeline.Scheduler(Ddim(10)).Guidance(Cfg(2)).Strength(0.1).Compile(Options).Load();
        using var much = sd.Pipeline.Scheduler(Ddim(10)).Guidance(Cfg(2)).Strength(0.8).Compile(Options).Load();
        using var vae = AutoencoderKL.FromPretrained(Path.Combine(sd.Folder, "vae"), memory: WeightMemory.Packed);
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var kept = Image.FromTensor(vae.forward(Image.ToBatch([Picture])));

        Assert.Equal((9, 2), (little.Compiled.Spec.Start, much.Compiled.Spec.Start));
        Assert.True(Difference(little.GenerateFrom([Picture], Prompt)[0], kept) < Difference(much.GenerateFrom([Picture], Prompt)[0], kept));
        Assert.Equal("DIF0107", Assert.Throws<DiffusionException>(() => much.Generate(Prompt)).Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.05)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void AStrengthThatLeavesNoStepIsRefused(double strength) =>
        Assert.Equal("DIF0108", Assert.Throws<DiffusionException>(() => sd.Pipeline.Scheduler(Ddim(10)).Strength(strength).Compile(Options)).Id);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PixelsOutsideOfTheMaskStayAsTheyAre(bool readsMask)
    {
        var pipeline = readsMask ? Guided.Unet(Pretrained.From(Path.Combine(sd.Folder, "inpainting")).Unet).Noise(NoiseSchedule.StableDiffusion) : Guided;
        var mask = new Image(16, 16, 1, Enumerable.Range(0, 16 * 16).Select(i => (byte)(i % 16 < 8 ? 0 : 255)).ToArray());
        using var run = pipeline.Compile(Options).Load();
        var made = run.Inpaint(Picture, mask, Prompt, seed: 1)[0];
        var changed = Enumerable.Range(0, 16 * 16 * 3).Where(i => made.Pixels.Span[i] != Picture.Pixels.Span[i]).ToArray();

        Assert.All(changed, i => Assert.True(i / 3 % 16 >= 8));
        Assert.True(changed.Length > 100);
    }

    [Fact]
    public void WhatIsCutOffIsTold()
    {
        using var run = Guided.Compile(Options).Load();
        var made = run.Generate(string.Join(" ", Enumerable.Repeat("house", 100)) + " flower");

        Assert.StartsWith("DIF0705: the prompt has ", Assert.Single(made.Warnings).ToString(), StringComparison.Ordinal);
        Assert.Empty(run.Generate(Prompt).Warnings);
    }

    [Fact]
    public void WeightedPromptsMayBeLong()
    {
        using var run = Guided.Text(Pretrained.From(sd.Folder).Clip.WithGrammar(PromptGrammar.A1111)).Compile(Options).Load();
        var weighted = run.Generate("a (small:1.5) house, " + string.Join(", ", Enumerable.Repeat("two cats", 60)))[0];

        Assert.NotEqual(run.Generate("a small house")[0].Pixels.ToArray(), weighted.Pixels.ToArray());
        Assert.Equal("DIF0240", Assert.Throws<DiffusionException>(() => run.Generate("a (small house")).Id);
    }

    [Fact]
    public void ClipSkipTakesAnEarlierBlock()
    {
        using var last = Guided.Compile(Options).Load();
        using var earlier = Guided.Text(Pretrained.From(sd.Folder).Clip.WithClipSkip(1)).Compile(Options).Load();

        Assert.NotEqual(last.Generate(Prompt)[0].Pixels.ToArray(), earlier.Generate(Prompt)[0].Pixels.ToArray());
        Assert.Contains(".Clip.WithClipSkip(1)", earlier.Compiled.Definition.ToString());
    }

    [Fact]
    public void ASavedPipelineDrawsTheSame()
    {
        var folder = Directory.CreateTempSubdirectory("diffusion-sd-saved-").FullName;
        try
        {
            using var run = Guided.Compile(Options).Load();
            run.SavePretrained(folder);
            var saved = Pretrained.From(folder);
            using var read = Pipeline.From(saved.Vae).Text(saved.Clip).Unet(saved.Unet).Scheduler(Ddim(3)).Guidance(Cfg(5)).Compile(Options).Load();

            Assert.Equal(run.Generate(Prompt)[0].Pixels.ToArray(), read.Generate(Prompt)[0].Pixels.ToArray());
            Assert.Contains("StableDiffusionPipeline", File.ReadAllText(Path.Combine(folder, "model_index.json")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void MistakesAreNamed()
    {
        using var run = Guided.Compile(Options).Load();
        var small = new Image(8, 8, 3, new byte[8 * 8 * 3]);

        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => run.GenerateFrom([small], Prompt)).Id);
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => run.Inpaint(Picture, small, Prompt)).Id);
        Assert.Equal("DIF0105", Assert.Throws<DiffusionException>(() => run.Generate(Prompt, count: 0)).Id);
        Assert.Equal("DIF0104", Assert.Throws<DiffusionException>(() => run.Generate()).Id);
    }

    [Fact]
    public void NothingStaysAllocated()
    {
        using var run = Guided.Compile(Options).Load();
        run.Generate(Prompt, count: 2);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        run.Generate(Prompt, count: 3, batch: 2);
        run.Inpaint(Picture, Picture, Prompt);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static int Difference(Image one, Image other) => Enumerable.Range(0, one.Pixels.Length).Max(i => Math.Abs(one.Pixels.Span[i] - other.Pixels.Span[i]));
}
