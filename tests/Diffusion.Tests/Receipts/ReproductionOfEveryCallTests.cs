using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Sampling;
using Diffusion.Tests.Sampling;
using TorchSharp;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Receipts;

/// <summary>Depth, upscaling, prompts of their own and walks, single files, memory: what went into a picture is in its receipt, and brings it back.</summary>
public sealed class ReproductionOfEveryCallTests(TinyStableDiffusion sd, TinySingleFiles files) : IClassFixture<TinyStableDiffusion>, IClassFixture<TinySingleFiles>
{
    private const string Words = "a photo of a small house";

    private static readonly CompileOptions Options = CompileOptions.Default.WithCacheDirectory("");

    private static readonly Image Picture = new(16, 16, 3, Enumerable.Range(0, 16 * 16 * 3).Select(i => (byte)(i * 7)).ToArray());

    private static readonly Image Depth = new(32, 24, 1, Enumerable.Range(0, 32 * 24).Select(i => (byte)(i % 32 * 5 + i / 32)).ToArray());

    private Pipeline Guided => sd.Pipeline.Scheduler(EulerAncestral(3)).Guidance(Cfg(5)).Negative("two cats");

    private Pipeline Deep => sd.Pipeline.Unet(Pretrained.From(Path.Combine(sd.Folder, "depth")).Unet).Noise(NoiseSchedule.StableDiffusion).Scheduler(Ddim(5)).Strength(0.8).Guidance(Cfg(5));

    [Fact]
    public void ADepthMapIsNamedByItsPixels()
    {
        using var run = Deep.Compile(Options).Load();
        var made = run.DepthToImage(Picture, Depth, Words, count: 2, seed: 3);
        var receipt = Read(made);

        Assert.Equal((32, 24, 1), (receipt.Pictures[1].Depth!.Width, receipt.Pictures[1].Depth!.Height, receipt.Pictures[1].Depth!.Channels));
        Assert.Contains("a depth map of 32 x 24 gray pixels", Refused("DIF0466", () => run.Reproduce(receipt, [Picture])), StringComparison.Ordinal);
        Assert.Equal(made, run.Reproduce(receipt, [Depth, Picture]));
    }

    [Fact]
    public void DepthsOfAnEstimatorAreNamedByTheirNumbers()
    {
        using var run = Deep.Compile(Options).Load();
        using var depths = torch.arange(2 * 12 * 10, torch.ScalarType.Float32).reshape(2, 1, 12, 10).sin();
        using var others = depths + 1;
        var made = run.DepthToImage([Picture, Picture.FlipHorizontally()], depths, Words, seed: 3);
        var receipt = Read(made);

        Refused("DIF0466", () => run.Reproduce(receipt, [Picture, Picture.FlipHorizontally()], others));
        Assert.Equal(made, run.Reproduce(receipt, [Picture.FlipHorizontally(), Picture], depths));
        Refused("DIF0410", () => run.Reproduce(receipt, [Picture], depths.flatten()));
    }

    [Fact]
    public void ALargerPictureNeedsTheSmallOne()
    {
        var upscaler = Pretrained.From(Path.Combine(sd.Folder, "upscaler"));
        using var run = Pipeline.From(upscaler.Vae).Text(upscaler.Clip).Unet(upscaler.Unet).Guidance(Cfg(9)).Scheduler(Ddim(3)).Compile(Options).Load();
        var small = Picture.Crop(0, 0, 8, 6);
        Image[] made = [.. run.Upscale(small, Words, noiseLevel: 30, count: 2, seed: 42), .. run.Upscale(small, Words, noiseLevel: 40)];
        var receipt = Image.Grid(made).Receipt!;

        Assert.Equal([30, 30, 40], receipt.Pictures.Select(picture => picture.NoiseLevel));
        Assert.All(receipt.Pictures, picture => Assert.Equal((small.Width, null), (picture.From!.Width, picture.Label)));
        Assert.Equal(made, run.Reproduce(receipt, [small]));
        Refused("DIF0465", () => run.Reproduce(receipt));
    }

    [Fact]
    public void PromptsKeepWhatIsTheirOwn()
    {
        using var run = Guided.Compile(Options).Load();
        var made = run.Generate(
        [
            Prompt.Of(Words).WithSeed(99).WithScale(3).WithNegative("a house"),
            Prompt.Mix("a house", "two cats", 0.25).WithSeed(3),
            Prompt.Of("a day").ReplaceToken("day", "art", 0.5).WithSeed(-7),
            Prompt.Of("two cats").WithNegative(""),
        ]);
        var receipt = Read(made);

        Assert.Equal(made, run.Reproduce(receipt));
        Assert.Equal([0, 2, 1, 0], receipt.Pictures.Select(picture => picture.Parts.Count));
        Assert.Contains("Negative prompt: a house\n", receipt.Parameters, StringComparison.Ordinal);
        Assert.Contains("CFG scale: 3, ", receipt.Parameters, StringComparison.Ordinal);
        Assert.DoesNotContain("Negative", made[3].Receipt!.Parameters, StringComparison.Ordinal);
        Assert.All(made, image => Assert.InRange(Difference(image, run.Reproduce(image.Receipt!)[0]), 0, 1));
    }

    [Fact]
    public void APictureOnTheWayKnowsBothItsSeeds()
    {
        using var run = Guided.Compile(Options).Load();
        var made = run.Walk(Prompt.Of("a house").WithSeed(3), Prompt.Of("two cats").WithSeed(-8).WithScale(2), frames: 4);
        var receipt = Read(made);

        Assert.Equal([3, 3, 3, -8], receipt.Seeds);
        Assert.Equal([null, -8, -8, null], receipt.Pictures.Select(picture => picture.Towards));
        Assert.Equal(1.0 / 3, receipt.Pictures[1].Share);
        Assert.All(made.Zip(run.Reproduce(receipt)), pair => Assert.InRange(Difference(pair.First, pair.Second), 0, 1));
        Assert.InRange(Difference(made[2], run.Reproduce(made[2].Receipt!)[0]), 0, 1);
        Assert.InRange(Difference(made[3], run.Generate([Prompt.Of("two cats").WithSeed(-8).WithScale(2)])[0]), 0, 1);
    }

    [Fact]
    public void KeptStepsComeBack()
    {
        var pipeline = Guided.Strength(0.5).KeepSteps();
        using var run = pipeline.Compile(Options).Load();
        var made = run.GenerateFrom([Picture], Words, seed: 3);
        var receipt = Read(made);

        Assert.Equal((pipeline, 6, 3), (receipt.Pipeline, receipt.Spec.Sampler.StepCount, receipt.Spec.Start));
        Assert.Equal(made, run.Reproduce(receipt, [Picture]));
    }

    [Fact]
    public void ASingleFileIsHashedOnce()
    {
        using var run = files.Pipeline("sd1.safetensors").Scheduler(Ddim(2)).Compile(Options).Load();
        var made = run.Generate(Words, seed: 3);
        var file = Assert.Single(made[0].Receipt!.Weights);

        Assert.Equal(("sd1.safetensors", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(files.PathOf("sd1.safetensors"))))), (file.File, file.Sha256));
        Assert.Equal(made, run.Reproduce(made[0].Receipt!));
    }

    [Fact]
    public async Task WithOffloadEveryCallIsTheSameAndNoWeightsStay()
    {
        var pipeline = Guided.VaeTiling(8).AttentionSlicing(Slicing.Max);
        using var stays = pipeline.Compile(Options).Load();
        using var goes = pipeline.Compile(Options).Load(LoadOptions.Default.WithOffload(true));
        var made = stays.Generate(Words, count: 2, seed: 3);
        var receipt = Read(made);
        var steps = new List<StreamedStep>();
        await foreach (var step in goes.Stream(Words, count: 2, seed: 3))
        {
            Assert.Equal(2, step.Preview().Count);
            steps.Add(step);
        }

        Assert.Equal(pipeline, receipt.Pipeline);
        Assert.Equal(made, goes.Reproduce(receipt));
        Assert.Equal(0, goes.WeightBytes);
        Assert.Equal(made, steps[^1].X);
        Assert.Equal(stays.Inpaint(Picture, Depth.Resize(16, 16), Words), goes.Inpaint(Picture, Depth.Resize(16, 16), Words));
        Assert.Equal(0, goes.WeightBytes);
    }

    [Fact]
    public async Task AtTheLastStepOfAStreamTheNetworkIsGone()
    {
        using var run = Guided.Compile(Options).Load(LoadOptions.Default.WithOffload(true));
        var bytes = new List<bool>();
        await foreach (var step in run.Stream(Words))
        {
            bytes.Add(run.WeightBytes > 0);
        }

        Assert.Equal([true, true, false], bytes);
    }

    [Fact]
    public void EveryMemberOfAPictureIsWritten()
    {
        var hash = new PixelHash(3, 2, 1, ReceiptCases.Hash);
        var part = new PromptPart("é \"a\"", 0.1 + 0.2).WithReplacements(EquatableArray.Of(new TokenReplacement("a", "b", 1.0 / 3)));
        var whole = new ReceiptPicture(long.MinValue)
        {
            Prompt = "a",
            Parts = EquatableArray.Of(part, new PromptPart("b", 0)),
            Negative = "",
            Scale = -0.5,
            Label = 3,
            From = hash,
            Mask = hash with { Width = 4 },
            Depth = hash with { Width = 5 },
            NoiseLevel = 0,
            Towards = long.MaxValue,
            Share = 1e-300,
        };
        var receipt = ReceiptCases.Whole.WithPictures(whole);

        Assert.Equal(receipt, Receipt.FromJson(JsonValue.Parse(receipt.ToString())));
        Assert.All(typeof(ReceiptPicture).GetProperties().Where(property => property.CanWrite), property => Assert.NotEqual(property.GetValue(new ReceiptPicture(0)), property.GetValue(whole)));
    }

    // Through the text that a file holds.
    private static Receipt Read(GeneratedImages images) => Receipt.FromJson(JsonValue.Parse(images.Grid().Receipt!.ToString()));

    private static int Difference(Image one, Image other) => one.Pixels.ToArray().Zip(other.Pixels.ToArray(), (a, b) => Math.Abs(a - b)).Max();

    private static string Refused(string id, Func<object> action)
    {
        var error = Assert.Throws<DiffusionException>(action);
        Assert.Equal(id, error.Id);
        return Assert.Single(error.Findings).Message;
    }
}
