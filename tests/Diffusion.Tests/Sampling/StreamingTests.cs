using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Sampling;
using Diffusion.Tests.Samplers;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;
using static TorchSharp.torch;

namespace Diffusion.Tests.Sampling;

/// <summary>Streams of pipelines with an autoencoder: what a step shows, what it costs, and that it is what Generate makes.</summary>
public sealed class StreamingTests(TinyStableDiffusion sd) : IClassFixture<TinyStableDiffusion>
{
    private const string Prompt = "a photo of a small house";

    private static readonly CompileOptions Options = CompileOptions.Default.WithCacheDirectory("");

    private static readonly Image Picture = new(16, 16, 3, Enumerable.Range(0, 16 * 16 * 3).Select(i => (byte)(i * 7)).ToArray());

    private static readonly Image Mask = new(16, 16, 1, Enumerable.Range(0, 16 * 16).Select(i => (byte)(i % 16 < 8 ? 0 : 255)).ToArray());

    private Pipeline Guided => sd.Pipeline.Scheduler(Ddim(4)).Guidance(Cfg(5));

    [Fact]
    public async Task TheLastStepIsThePictureOfGenerateBitForBit()
    {
        using var run = Guided.Compile(Options).Load();
        var steps = await All(run.Stream(Prompt, count: 2, seed: 7));

        Assert.Equal([0, 1, 2, 3], steps.Select(step => step.Index));
        Assert.All(steps, step => Assert.Equal((4, step.Index == 3), (step.Count, step.IsLast)));
        Assert.Equal(run.Generate(Prompt, count: 2, seed: 7), steps[^1].X);
        Assert.NotEqual(steps[0].X, steps[0].X0);
    }

    [Fact]
    public async Task PicturesToStartFromAreStreamedAsTheyAreGenerated()
    {
        using var run = Guided.Strength(0.5).Compile(Options).Load();
        var last = (await All(run.StreamFrom([Picture, Picture.FlipHorizontally()], Prompt, seed: 3)))[^1];
        using var pixels = Pipeline.From(UnetModel.Custom("a test", new UnetFacts(3, 3, 16, 16))).Scheduler(Ddim(4)).StartAt(2).Compile(Options).Load(new RandomNetwork());

        Assert.Equal(run.GenerateFrom([Picture, Picture.FlipHorizontally()], Prompt, seed: 3), last.X);
        Assert.Equal(pixels.GenerateFrom([Picture], seed: 3), (await All(pixels.StreamFrom([Picture], seed: 3)))[^1].X);
        Assert.Equal("DIF0107", Assert.Throws<DiffusionException>(() => pixels.Stream()).Id);
    }

    [Fact]
    public async Task DepthsSmallPicturesAndPromptsOfTheirOwnAreStreamedAsTheyAreGenerated()
    {
        using var deep = Guided.Unet(Pretrained.From(Path.Combine(sd.Folder, "depth")).Unet).Noise(NoiseSchedule.StableDiffusion).Strength(0.5).Compile(Options).Load();
        var upscaler = Pretrained.From(Path.Combine(sd.Folder, "upscaler"));
        using var large = Pipeline.From(upscaler.Vae).Text(upscaler.Clip).Unet(upscaler.Unet).Scheduler(Ddim(3)).Guidance(Cfg(5)).Compile(Options).Load();
        using var run = Guided.Compile(Options).Load();
        Prompt[] prompts = [Dsl.Prompt.Of(Prompt).WithSeed(9).WithScale(2), Dsl.Prompt.Of("two cats").WithSeed(-1)];
        var steps = await All(large.StreamUpscale(Picture, Prompt, seed: 3));

        Assert.Equal(large.Upscale(Picture, Prompt, seed: 3), steps[^1].X);
        Assert.Equal(steps[^1].X.Select(Size), steps[0].Preview(fullSize: true).Select(Size));
        Assert.Equal(deep.DepthToImage(Picture, Picture, Prompt, count: 2), (await All(deep.StreamDepthToImage(Picture, Picture, Prompt, count: 2)))[^1].X);
        Assert.Equal(run.Generate(prompts), (await All(run.Stream(prompts)))[^1].X);
        Assert.Equal("DIF0440", Assert.Throws<DiffusionException>(() => run.StreamUpscale(Picture, Prompt)).Id);
        Assert.Equal("DIF0105", Assert.Throws<DiffusionException>(() => run.Stream(System.Array.Empty<Prompt>())).Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatAMaskKeepsIsKeptAtEveryStep(bool readsMask)
    {
        var pipeline = readsMask ? Guided.Unet(Pretrained.From(Path.Combine(sd.Folder, "inpainting")).Unet).Noise(NoiseSchedule.StableDiffusion) : Guided;
        using var run = pipeline.Compile(Options).Load();
        var steps = await All(run.StreamInpaint(Picture, Mask, Prompt, count: 2, seed: 1));

        Assert.Equal(run.Inpaint(Picture, Mask, Prompt, count: 2, seed: 1), steps[^1].X);
        Assert.All(steps.SelectMany(step => step.X0.Concat(step.X)), shown => Assert.Equal(Picture.Crop(0, 0, 8, 16), shown.Crop(0, 0, 8, 16)));
    }

    [Fact]
    public async Task NothingIsDecodedUnlessItIsAskedFor()
    {
        using var run = Guided.Compile(Options).Load();
        var decoded = 0;
        var decoder = (nn.Module<Tensor, Tensor>)run.Models.Vae!.Stay().named_modules().Single(part => part.name == "decoder.conv_in").module;
        decoder.register_forward_hook((_, _, output) =>
        {
            decoded++;
            return output;
        });

        var steps = await All(run.Stream(Prompt, count: 2));
        Assert.Equal(0, decoded);

        steps[0].Preview();
        var fitted = decoded;
        Assert.InRange(fitted, 1, 8);
        Assert.All(steps, step => step.Preview());
        (await All(run.Stream("two cats")))[1].Preview(fullSize: true);
        Assert.Equal(fitted, decoded); // the fit belongs to the loaded pipeline

        Assert.Same(steps[1].Decoded(), steps[1].X0);
        Assert.Equal(fitted + 2, decoded);
        Assert.Same(steps[1].Pictures(), steps[1].X);
        Assert.Equal(fitted + 4, decoded);
    }

    [Fact]
    public async Task PreviewsAreOfTheLatentsSizeOrEnlarged()
    {
        using var run = Guided.Compile(Options).Load();
        var step = (await All(run.Stream(Prompt, count: 2)))[1];

        Assert.Equal([(8, 8, 3), (8, 8, 3)], step.Preview().Select(Size));
        Assert.Equal([(16, 16, 3), (16, 16, 3)], step.Preview(fullSize: true).Select(Size));
        Assert.Equal(step.Preview(), step.Preview());
        Assert.NotEqual(step.Preview()[0], step.Preview()[1]);
        Assert.Equal([(16, 16, 3), (16, 16, 3)], step.X0.Select(Size));
    }

    [Fact]
    public async Task OnPixelsThePreviewIsTheCleanSampleItself()
    {
        var run = Pipeline.From(UnetModel.Custom("a test", new UnetFacts(3, 3, 8, 8))).Scheduler(Ddim(4)).Compile(Options).Load(new RandomNetwork());
        var steps = await All(run.Stream(count: 2));
        run.Dispose(); // no weights are needed for it
        foreach (var step in steps)
        {
            Assert.Equal(2, step.X.Count);
            Assert.Equal(step.Decoded(), step.Preview());
            Assert.Equal(step.Decoded(), step.Preview(fullSize: true));
        }
    }

    [Fact]
    public async Task StepsStayValidBehindTheStreamAndNotBehindThePipeline()
    {
        var run = Guided.Compile(Options).Load();
        var kept = new List<StreamedStep>();
        var seen = new List<Image>();
        await foreach (var step in run.Stream(Prompt))
        {
            kept.Add(step);
            seen.Add((await All(run.Stream(Prompt)))[step.Index].X0[0]);
        }

        Assert.Equal(seen, kept.Select(step => step.X0[0]));
        run.Dispose();
        Assert.Equal(seen[0], kept[0].X0[0]); // made before
        Assert.Equal("DIF0106", Assert.Throws<DiffusionException>(() => kept[0].X).Id);
        Assert.Equal("DIF0106", Assert.Throws<DiffusionException>(() => kept[0].Preview()).Id);
    }

    [Fact]
    public async Task AStepSaysItsNoiseAndTheTimeThatIsLeft()
    {
        using var run = Guided.Compile(Options).Load();
        var steps = await All(run.Stream(Prompt));

        Assert.Equal(run.Compiled.Plan.Steps.Select(step => step.Level), steps.Select(step => step.NoiseLevel));
        Assert.Equal(steps.OrderByDescending(step => step.NoiseLevel.Ratio), steps);
        Assert.Equal(steps.OrderBy(step => step.Elapsed), steps);
        Assert.All(steps, step => Assert.True(step.Remaining >= TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, steps[^1].Remaining);
        Assert.StartsWith("step 1 of 4, t = 751, ", steps[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void CallsThatDoNotFitAreRefusedAtOnce()
    {
        using var run = Guided.Compile(Options).Load();
        using var pixels = Pipeline.From(UnetModel.Custom("a test", new UnetFacts(3, 3, 8, 8))).Scheduler(Ddim(4)).Compile(Options).Load(new RandomNetwork());

        Assert.Equal("DIF0104", Assert.Throws<DiffusionException>(() => run.Stream()).Id);
        Assert.Equal("DIF0104", Assert.Throws<DiffusionException>(() => pixels.Stream(Prompt)).Id);
        Assert.Equal("DIF0105", Assert.Throws<DiffusionException>(() => run.Stream(Prompt, count: 0)).Id);
        Assert.Equal("DIF0105", Assert.Throws<DiffusionException>(() => run.StreamInpaint(Picture, Mask, Prompt, count: -1)).Id);
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => run.StreamFrom([Mask], Prompt)).Id);
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => run.StreamInpaint(Picture, Mask.Crop(0, 0, 8, 8), Prompt)).Id);
    }

    private static (int Width, int Height, int Channels) Size(Image image) => (image.Width, image.Height, image.Channels);

    private static async Task<List<StreamedStep>> All(IAsyncEnumerable<StreamedStep> stream)
    {
        var steps = new List<StreamedStep>();
        await foreach (var step in stream)
        {
            steps.Add(step);
        }

        return steps;
    }
}
