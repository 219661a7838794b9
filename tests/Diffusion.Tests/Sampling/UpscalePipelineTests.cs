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

/// <summary>Large pictures of small ones, held to the loop that diffusers runs.</summary>
public sealed class UpscalePipelineTests(TinyStableDiffusion sd) : IClassFixture<TinyStableDiffusion>
{
    private const string Words = "a photo of a small house";

    private static readonly CompileOptions Options = CompileOptions.Default.WithCacheDirectory("").WithHoistText(false).WithHoistTimes(false);

    private static readonly Image Small = new(8, 6, 3, Enumerable.Range(0, 8 * 6 * 3).Select(i => (byte)(i * 7)).ToArray());

    private string Folder => Path.Combine(sd.Folder, "upscaler");

    private Pipeline Pipeline => Of(Folder).Guidance(Cfg(9)).Scheduler(Ddim(3));

    [Fact]
    public void ALoopOverThePartsIsThePipeline()
    {
        var compiled = Pipeline.Compile(Options);
        using var run = compiled.Load();
        var expected = run.Upscale(Small, Words, noiseLevel: 30, seed: 42)[0];

        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var encoder = ClipTextEncoder.Load(Folder, memory: WeightMemory.Packed);
        using var unet = UNet2DConditionModel.FromPretrained(Folder, memory: WeightMemory.Packed);
        using var vae = AutoencoderKL.FromPretrained(Path.Combine(Folder, "vae"), memory: WeightMemory.Packed);
        using var noise = new SeededNoise([42]);

        // What diffusers does, in its order: noise on the small picture, then that of the latents. ᾱ is multiplied out here.
        var kept = Enumerable.Range(0, 31).Aggregate(1.0, (product, t) => product * (1 - Pow(Sqrt(0.0001) + (t * (Sqrt(0.02) - Sqrt(0.0001)) / 999), 2)));
        var told = (Image.ToBatch([Small]) * (float)Sqrt(kept)) + (noise.Draw([1, 3, 6, 8]) * (float)Sqrt(1 - kept));
        using var network = new NetworkByHand(unet, encoder.Encode(Words).Values, encoder.Encode("").Values, x => cat([x, told], 1), tensor(new long[] { 30 }));
        using var steps = new SamplingRun(network, noise, [1, 4, 6, 8]);
        var count = compiled.Sampler.Sample(steps).Count();
        var made = Image.FromTensor(vae.Decode(vae.Unscale(steps.X)));

        Assert.Equal(3, count);
        Assert.Equal((32, 24), (expected.Width, expected.Height));

        // The noisy small picture is made in one operation there and in two here, which differs in the last digits.
        Assert.All(Enumerable.Range(0, made.Pixels.Length), i => Assert.InRange(made.Pixels.Span[i] - expected.Pixels.Span[i], -1, 1));
        Assert.True(Enumerable.Range(0, made.Pixels.Length).Count(i => made.Pixels.Span[i] != expected.Pixels.Span[i]) < made.Pixels.Length / 100);
    }

    [Fact]
    public void TheNetworkIsToldTheNoiseLevel()
    {
        using var run = Pipeline.Compile(Options).Load();
        var results = new[] { 0, 20, 340 }.Select(level => run.Upscale(Small, Words, level)[0].Pixels.ToArray()).ToArray();

        Assert.NotEqual(results[0], results[1]);
        Assert.NotEqual(results[1], results[2]);
        Assert.Equal(results[1], run.Upscale(Small, Words)[0].Pixels.ToArray());
    }

    [Fact]
    public void APictureIsTheSameAloneAndInABatch()
    {
        using var run = Pipeline.Compile(Options).Load();
        var together = run.Upscale(Small, Words, count: 3, seed: 7, batch: 3);
        var alone = run.Upscale(Small, Words, seed: 9)[0];

        Assert.All(Enumerable.Range(0, alone.Pixels.Length), i => Assert.InRange(together[2].Pixels.Span[i] - alone.Pixels.Span[i], -1, 1));
    }

    [Fact]
    public void MistakesAreNamed()
    {
        using var run = Pipeline.Compile(Options).Load();
        using var plain = sd.Pipeline.Scheduler(Ddim(2)).Compile(Options).Load();
        var grey = new Image(8, 8, 1, new byte[64]);

        var error = Assert.Throws<DiffusionException>(() => run.Upscale(Small, Words, noiseLevel: 341));
        Assert.Equal("DIF0442", error.Id);
        Assert.Contains("up to 340", error.Message);
        Assert.Equal("DIF0442", Assert.Throws<DiffusionException>(() => run.Upscale(Small, Words, noiseLevel: -1)).Id);
        Assert.Equal("DIF0440", Assert.Throws<DiffusionException>(() => plain.Upscale(Small, Words)).Id);
        Assert.Contains("call Upscale", Assert.Throws<DiffusionException>(() => run.Generate(Words)).Message);
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => run.Upscale(grey, Words)).Id);
        Assert.Equal("DIF0105", Assert.Throws<DiffusionException>(() => run.Upscale(Small, Words, count: 0)).Id);
    }

    [Fact]
    public void WithoutFilesTheNoiseIsThePublishedModels()
    {
        var facts = ModelFacts.Read(Pipeline, NoModelFiles.Instance).Upscaler;

        Assert.Equal((350, 0.0001, 0.02), (facts.MaxNoiseLevel, facts.Noise.BetaStart, facts.Noise.BetaEnd));
        Assert.Equal(340, Pipeline.Compile(Options).Resolved.Facts.Upscaler.MaxNoiseLevel);
    }

    [Fact]
    public void ASavedPipelineDrawsTheSame()
    {
        var folder = Path.Combine(sd.Folder, "saved-upscaler");
        using var run = Pipeline.Compile(Options).Load();
        run.SavePretrained(folder);
        using var read = Of(folder).Guidance(Cfg(9)).Scheduler(Ddim(3)).Compile(Options).Load();

        Assert.Equal(run.Upscale(Small, Words)[0].Pixels.ToArray(), read.Upscale(Small, Words)[0].Pixels.ToArray());
        Assert.Equal(run.Compiled.Resolved.Facts.Upscaler, read.Compiled.Resolved.Facts.Upscaler);
        Assert.Contains("\"StableDiffusionUpscalePipeline\"", File.ReadAllText(Path.Combine(folder, "model_index.json")));
    }

    [Fact]
    public void NothingStaysAllocated()
    {
        using var run = Pipeline.Compile(Options).Load();
        run.Upscale(Small, Words);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        run.Upscale(Small, Words, count: 3, batch: 2);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Pipeline Of(string folder)
    {
        var upscaler = Pretrained.From(folder);
        return Dsl.Pipeline.From(upscaler.Vae).Text(upscaler.Clip).Unet(upscaler.Unet);
    }
}
