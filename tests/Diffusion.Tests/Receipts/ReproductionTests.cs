using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using Diffusion.Tests.Samplers;
using Diffusion.Tests.Sampling;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Receipts;

/// <summary>From a picture's file to the pipeline, and from there to the same bytes.</summary>
public sealed class ReproductionTests(TinyStableDiffusion sd) : IClassFixture<TinyStableDiffusion>, IDisposable
{
    private static readonly CompileOptions Options = CompileOptions.Default.WithCacheDirectory("");

    private static readonly UNet2DConfig Tiny = new(
        SampleSize: EquatableArray.Of(8),
        InChannels: 1,
        OutChannels: 1,
        DownBlockTypes: EquatableArray.Of("DownBlock2D"),
        UpBlockTypes: EquatableArray.Of("UpBlock2D"),
        BlockOutChannels: EquatableArray.Of(8),
        LayersPerBlock: 1,
        NormNumGroups: 4);

    private static readonly Image Picture = new(16, 16, 3, Enumerable.Range(0, 16 * 16 * 3).Select(i => (byte)(i * 7)).ToArray());

    private readonly string _folder = Directory.CreateTempSubdirectory("diffusion-again-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void UnconditionalPicturesHaveTheSameBytes()
    {
        var pipeline = Plain("plain").Scheduler(Ddpm(4));
        Again(pipeline, run => run.Generate(seed: 42));
        var grid = Again(pipeline, run => run.Generate(count: 3, seed: -1));
        Assert.Equal([-1, 0, 1], grid.Seeds);
        Assert.Equal((null, null, 8, 8), (grid.Prompt, grid.Label, grid.Width, grid.Height));
    }

    [Theory]
    [InlineData("EulerAncestral")]
    [InlineData("DpmSolverSde")]
    [InlineData("UniPC")]
    public void StochasticAndMultistepSamplersHaveTheSameBytes(string name) =>
        Again(Plain("plain").Scheduler(Schedulers.All.Single(entry => entry.Name == name).Create(4)), run => run.Generate(count: 2, seed: 9));

    [Fact]
    public void TheCheckpointsOwnSamplerIsWrittenDownButNotSaid()
    {
        var receipt = Again(Plain("plain").Noise(NoiseSchedule.Linear.WithTrainTimesteps(6)), run => run.Generate(seed: 1));
        Assert.Null(receipt.Pipeline.Sampler);
        Assert.Equal(Ddpm(6).Resolve(SchedulerConfig.Default), receipt.Spec.Sampler);
    }

    [Fact]
    public void PicturesOfClassesHaveTheSameBytes()
    {
        using var network = ClassConditionedUNet.FromConfig(new ClassConditionedUNetConfig(Tiny, Classes: 3).WithNullClass(), seed: 1);
        network.SavePretrained(Path.Combine(_folder, "classes", "unet"));
        var receipt = Again(Pipeline.From(Pretrained.From(Path.Combine(_folder, "classes")).Unet).Scheduler(Ddim(3)).Guidance(Cfg(2)), run => run.Generate([2, 0, 3], seed: 5));
        Assert.Equal([2, 0, 3], receipt.Pictures.Select(picture => picture.Label));
        Assert.True(receipt.Spec.HasClasses);
    }

    [Fact]
    public void PicturesOfPromptsHaveTheSameBytes()
    {
        var receipt = Again(Guided.Negative("größer, \"漢\""), run => run.Generate("a photo of a small house", seed: 4));
        Assert.Equal(("a photo of a small house", 4, 16, 16), (receipt.Prompt, receipt.Seed, receipt.Width, receipt.Height));
        Assert.Equal(
            ["unet/diffusion_pytorch_model.safetensors", "vae/diffusion_pytorch_model.safetensors", "text_encoder/model.safetensors"],
            receipt.Weights.Select(file => file.File));
        Assert.Equal(["one", "two"], Again(Guided, run => run.Generate(["one", "two"], seed: 4)).Pictures.Select(picture => picture.Prompt));
    }

    [Fact]
    public void TheWeightsHashIsThatOfTheFile()
    {
        using var run = Guided.Compile(Options).Load();
        var receipt = run.Generate("a house")[0].Receipt!;
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(sd.Folder, "unet", "diffusion_pytorch_model.safetensors"))));
        Assert.Equal(hash, receipt.Weights[0].Sha256);
        Assert.Contains(", Model hash: " + hash[..10] + ", Model: " + Path.GetFileName(sd.Folder) + ", ", receipt.Parameters, StringComparison.Ordinal);
    }

    [Fact]
    public void APictureMadeFromAnotherNeedsThatOther()
    {
        var pipeline = Guided.Strength(0.7);
        using var run = pipeline.Compile(Options).Load();
        var path = Saved(run.GenerateFrom([Picture], "a house", seed: 3), "made.png");
        var receipt = Receipt.Read(path);
        Assert.Equal(new PixelHash(16, 16, 3, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Picture.Pixels.Span))), receipt.Pictures[0].From);

        Refused("DIF0465", "the picture of seed 3 was made from a picture of 16 x 16 RGB pixels with the SHA-256 ", () => run.Reproduce(receipt));
        Refused("DIF0466", "given was 16 x 16 RGB pixels", () => run.Reproduce(receipt, [Picture.FlipHorizontally()]));

        // Through a file without loss, beside others, in any order.
        Picture.Save(Path.Combine(_folder, "from.png"));
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Saved(run.Reproduce(receipt, [Picture.FlipHorizontally(), Image.Load(Path.Combine(_folder, "from.png"))]), "again.png")));
    }

    [Fact]
    public void AnInpaintedPictureNeedsPictureAndMask()
    {
        var mask = new Image(16, 16, 1, Enumerable.Range(0, 256).Select(i => (byte)(i % 16 < 8 ? 255 : 0)).ToArray());
        using var run = Guided.Compile(Options).Load();
        var path = Saved(run.Inpaint(Picture, mask, "a house", count: 2, seed: 3), "made.png");
        var receipt = Receipt.Read(path);

        Refused("DIF0466", "a mask of 16 x 16 gray pixels", () => run.Reproduce(receipt, [Picture]));
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Saved(run.Reproduce(receipt, [Picture], mask), "again.png")));
    }

    [Fact]
    public void PicturesOfSeveralCallsMakeOneGrid()
    {
        using var run = Guided.Strength(0.7).Compile(Options).Load();
        using var plain = Guided.Compile(Options).Load();
        var other = Picture.FlipHorizontally();
        var grid = Image.Grid([.. run.GenerateFrom([Picture, other], "a house", seed: 3), run.GenerateFrom([Picture], "two cats", seed: -5)[0]], padding: 2);
        Assert.Equal([3, 4, -5], grid.Receipt!.Seeds);
        Assert.Equal(grid, run.Reproduce(grid.Receipt, [other, Picture]).Grid());
        Assert.Null(Image.Grid([run.GenerateFrom([Picture], "a house")[0], plain.Generate("a house")[0]]).Receipt);
    }

    [Fact]
    public void AnotherPipelineOrOtherWeightsAreRefused()
    {
        using var run = Plain("plain").Scheduler(Ddim(2)).Compile(Options).Load();
        var receipt = run.Generate(seed: 1)[0].Receipt!;
        using var other = Plain("plain").Scheduler(Ddim(3)).Compile(Options).Load();
        Refused("DIF0468", ".Scheduler(Ddim(2)), but loaded was ", () => other.Reproduce(receipt));

        // The checkpoint's noise is another: the definition is the same, what was sampled is not.
        Directory.CreateDirectory(Path.Combine(_folder, "plain", "scheduler"));
        File.WriteAllText(Path.Combine(_folder, "plain", "scheduler", "scheduler_config.json"), """{"_class_name": "DDPMScheduler", "beta_end": 0.03}""");
        using var noisier = receipt.Pipeline.Compile(Options).Load();
        Refused("DIF0468", "linear(0.0001, 0.03, 1000)", () => noisier.Reproduce(receipt));

        Directory.Delete(Path.Combine(_folder, "plain"), recursive: true);
        using var retrained = Plain("plain", seed: 2).Scheduler(Ddim(2)).Compile(Options).Load();
        Refused("DIF0467", "the receipt names unet/diffusion_pytorch_model.safetensors with the SHA-256 ", () => retrained.Reproduce(receipt));
        Assert.NotEmpty(retrained.Generate(seed: receipt.Seed));
    }

    [Fact]
    public void AnotherMachineIsTold()
    {
        using var run = Plain("plain").Scheduler(Ddim(2)).Compile(Options).Load();
        var receipt = run.Generate(seed: 1)[0].Receipt!;
        Assert.Empty(run.Reproduce(receipt).Warnings);
        using var interpreted = receipt.Pipeline.Compile(Options.WithMode(CompileMode.Interpreter)).Load();
        var warning = Assert.Single(interpreted.Reproduce(receipt).Warnings);
        Assert.Equal("DIF0469", warning.Rule.Id);
        Assert.Contains("interpreted", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsThatChangedSinceAreNotHashed()
    {
        using var run = Plain("plain").Scheduler(Ddim(2)).Compile(Options).Load();
        var image = run.Generate(seed: 1)[0];
        using (var file = File.Open(Path.Combine(_folder, "plain", "unet", "diffusion_pytorch_model.safetensors"), FileMode.Append))
        {
            file.WriteByte(0);
        }

        Assert.Null(Assert.Single(image.Receipt!.Weights).Sha256);
        Assert.DoesNotContain("Model hash", image.Receipt!.Parameters, StringComparison.Ordinal);
        Assert.Equal(image, run.Reproduce(image.Receipt!)[0]);
    }

    [Fact]
    public void ANetworkOfTheProgramHasAReceiptWithoutWeights()
    {
        var pipeline = Pipeline.From(UnetModel.Custom("a test", new UnetFacts(3, 3, 8, 8))).Scheduler(Ddim(3));
        using var run = pipeline.Compile(Options).Load(new RandomNetwork());
        var receipt = run.Generate(count: 2, seed: 1).Grid().Receipt!;
        Assert.Equal((pipeline, true), (receipt.Pipeline, receipt.Weights.IsEmpty));
        Assert.Equal(receipt, Receipt.FromJson(receipt.ToJson()));
        Assert.Equal(2, run.Reproduce(receipt).Count);
    }

    [Fact]
    public async System.Threading.Tasks.Task TheLastPicturesOfAStreamHaveReceipts()
    {
        using var run = Plain("plain").Scheduler(Ddim(2)).Compile(Options).Load();
        var steps = new System.Collections.Generic.List<StreamedStep>();
        await foreach (var step in run.Stream(count: 2, seed: 7))
        {
            steps.Add(step);
        }

        Assert.All(steps[0].X, image => Assert.Null(image.Receipt));
        Assert.Equal([7, 8], steps[1].X.Select(image => image.Receipt!.Seed));
        Assert.Equal(steps[1].X[1], run.Reproduce(steps[1].X[1].Receipt!)[0]);
    }

    [Fact]
    public void AllPicturesOfACallCanForgetTheirReceipts()
    {
        using var run = Plain("plain").Scheduler(Ddim(2)).Compile(Options).Load();
        var images = run.Generate(count: 3, seed: 7).WithoutReceipt();
        Assert.All(images.Append(images.Grid()), image => Assert.Null(image.Receipt));
        Assert.Equal([7, 8, 9], images.Seeds);
    }

    private Pipeline Guided => sd.Pipeline.Scheduler(Ddim(3)).Guidance(Cfg(5));

    private Pipeline Plain(string name, int seed = 1)
    {
        var folder = Path.Combine(_folder, name);
        if (!Directory.Exists(folder))
        {
            using var network = UNet2DModel.FromConfig(Tiny, seed: seed);
            network.SavePretrained(Path.Combine(folder, "unet"));
        }

        return Pipeline.From(Pretrained.From(folder).Unet);
    }

    /// <summary>Saves what a pipeline makes, reads the file, makes it again from nothing but the file, and compares the bytes.</summary>
    private Receipt Again(Pipeline pipeline, Func<LoadedPipeline, GeneratedImages> generate)
    {
        string first;
        using (var run = pipeline.Compile(Options).Load())
        {
            first = Saved(generate(run), "first.png");
        }

        var receipt = Receipt.Read(first);
        Assert.Equal(pipeline, Pipeline.FromImage(first));
        Assert.Equal(pipeline, receipt.Pipeline);
        using var again = receipt.Pipeline.Compile(Options).Load();
        var images = again.Reproduce(receipt);
        Assert.Empty(images.Warnings);
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(Saved(images, "second.png")));
        return receipt;
    }

    private string Saved(GeneratedImages images, string name)
    {
        var path = Path.Combine(_folder, name);
        images.Save(path);
        return path;
    }

    private static void Refused(string id, string words, Func<object> action)
    {
        var error = Assert.Throws<DiffusionException>(action);
        Assert.Equal(id, error.Id);
        Assert.Contains(words, Assert.Single(error.Findings).Message, StringComparison.Ordinal);
    }
}
