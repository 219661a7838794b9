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

/// <summary>Pictures that keep a picture's depth, held to the loop that diffusers runs.</summary>
public sealed class DepthPipelineTests(TinyStableDiffusion sd) : IClassFixture<TinyStableDiffusion>
{
    private const string Words = "a photo of a small house";

    private static readonly CompileOptions Options = CompileOptions.Default.WithCacheDirectory("").WithHoistText(false).WithHoistTimes(false);

    private static readonly Image Picture = new(16, 16, 3, Enumerable.Range(0, 16 * 16 * 3).Select(i => (byte)(i * 7)).ToArray());

    private static readonly Image Depth = new(32, 24, 1, Enumerable.Range(0, 32 * 24).Select(i => (byte)(i % 32 * 5 + i / 32)).ToArray());

    private Pipeline Deep => sd.Pipeline.Unet(Pretrained.From(Path.Combine(sd.Folder, "depth")).Unet).Noise(NoiseSchedule.StableDiffusion).Guidance(Cfg(5));

    [Fact]
    public void ALoopOverThePartsIsThePipelineBitForBit()
    {
        var compiled = Deep.Scheduler(Ddim(5)).Strength(0.8).Compile(Options);
        using var run = compiled.Load();
        var expected = run.DepthToImage(Picture, Depth, Words, seed: 42)[0];

        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var encoder = ClipTextEncoder.Load(sd.Folder, memory: WeightMemory.Packed);
        using var unet = UNet2DConditionModel.FromPretrained(Path.Combine(sd.Folder, "depth"), memory: WeightMemory.Packed);
        using var vae = AutoencoderKL.FromPretrained(Path.Combine(sd.Folder, "vae"), memory: WeightMemory.Packed);
        using var noise = new SeededNoise([42]);

        // What diffusers does, in its order: resize, then normalise; encode, then add noise.
        var map = nn.functional.interpolate(Image.ToBatch([Depth]), size: [8, 8], mode: InterpolationMode.Bicubic, align_corners: false);
        map = (2 * (map - map.min()) / (map.max() - map.min())) - 1;
        var clean = vae.Scale(vae.Encode(Image.ToBatch([Picture])).Sample(noise.Draw([1, 4, 8, 8])));
        var level = compiled.Plan.Steps[0].Start;
        var initial = (clean * (float)level.Alpha) + (noise.Draw([1, 4, 8, 8]) * (float)level.Sigma);
        using var network = new NetworkByHand(unet, encoder.Encode(Words).Values, encoder.Encode("").Values, x => cat([x, map], 1));
        using var steps = new SamplingRun(network, noise, [1, 4, 8, 8]) { Initial = initial };
        var count = compiled.Sampler.Sample(steps).Count();

        Assert.Equal(4, count);
        Assert.Equal(expected.Pixels.ToArray(), Image.FromTensor(vae.Decode(vae.Unscale(steps.X))).Pixels.ToArray());
    }

    [Fact]
    public void Of50StepsAtStrength08The40LastAreDone() => Assert.Equal(40, Deep.Scheduler(Ddim(50)).Strength(0.8).Compile(Options).Plan.Steps.Count);

    [Fact]
    public void DepthCountsAndItsUnitDoesNot()
    {
        using var run = Deep.Scheduler(Ddim(3)).Compile(Options).Load();
        using var scope = NewDisposeScope();
        var depth = arange(64, dtype: ScalarType.Float32).view(1, 1, 8, 8);
        byte[] Of(Tensor depths) => run.DepthToImage([Picture], depths, Words)[0].Pixels.ToArray();

        Assert.Equal(Of(depth), Of((depth * 4) + 128));
        Assert.NotEqual(Of(depth), Of(-depth));
    }

    [Fact]
    public void APictureIsTheSameAloneAndInABatch()
    {
        using var run = Deep.Scheduler(Ddim(3)).Strength(0.7).Compile(Options).Load();
        var together = run.DepthToImage(Picture, Depth, Words, count: 3, seed: 7);
        var alone = run.DepthToImage(Picture, Depth, Words, seed: 9)[0];

        Assert.All(Enumerable.Range(0, alone.Pixels.Length), i => Assert.InRange(together[2].Pixels.Span[i] - alone.Pixels.Span[i], -1, 1));
        Assert.NotEqual(together[0].Pixels.ToArray(), together[2].Pixels.ToArray());
    }

    [Fact]
    public void MistakesAreNamed()
    {
        using var deep = Deep.Scheduler(Ddim(2)).Compile(Options).Load();
        using var plain = sd.Pipeline.Scheduler(Ddim(2)).Compile(Options).Load();
        using var scope = NewDisposeScope();

        Assert.Equal("DIF0440", Assert.Throws<DiffusionException>(() => plain.DepthToImage(Picture, Depth, Words)).Id);
        var error = Assert.Throws<DiffusionException>(() => deep.Generate(Words));
        Assert.Equal("DIF0440", error.Id);
        Assert.Contains("Generate gives the UNet 4 channels (latents), but that of", error.Message);
        Assert.Contains("reads 5; call DepthToImage", error.Message);
        Assert.Equal("DIF0440", Assert.Throws<DiffusionException>(() => deep.Inpaint(Picture, Picture, Words)).Id);
        Assert.Equal("DIF0441", Assert.Throws<DiffusionException>(() => deep.DepthToImage(Picture, new Image(8, 8, 1, new byte[64]), Words)).Id);
        Assert.Equal("DIF0441", Assert.Throws<DiffusionException>(() => deep.DepthToImage([Picture], full([1, 1, 8, 8], float.NaN), Words)).Id);
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => deep.DepthToImage([Picture], zeros(1, 8, 8), Words)).Id);
    }

    [Fact]
    public void NothingStaysAllocated()
    {
        using var run = Deep.Scheduler(Ddim(2)).Compile(Options).Load();
        run.DepthToImage(Picture, Depth, Words);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        run.DepthToImage(Picture, Depth, Words, count: 3, batch: 2);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void ASavedPipelineIsDiffusersDepthPipeline()
    {
        var folder = Path.Combine(sd.Folder, "saved-depth");
        using var run = Deep.Scheduler(Ddim(2)).Compile(Options).Load();
        run.SavePretrained(folder);

        Assert.Contains("\"StableDiffusionDepth2ImgPipeline\"", File.ReadAllText(Path.Combine(folder, "model_index.json")));
    }
}
