using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Compilation;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Sampling;

public sealed class OffloadTests(TinyStableDiffusion sd) : IClassFixture<TinyStableDiffusion>
{
    private const string Prompt = "a photo of a small house";

    private static readonly CompileOptions Options = CompileOptions.Default.WithCacheDirectory("");

    private static readonly LoadOptions Offloaded = LoadOptions.Default.WithOffload(true);

    private static readonly Image Picture = new(16, 16, 3, Enumerable.Range(0, 16 * 16 * 3).Select(i => (byte)(i * 7)).ToArray());

    private CompiledPipeline Guided => sd.Pipeline.Scheduler(Ddim(3)).Guidance(Cfg(5)).Compile(Options);

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void PicturesAreTheSameBytes(Precision precision)
    {
        using var stays = Guided.Load(precision: precision);
        using var goes = Guided.Load(Offloaded.WithPrecision(precision));

        Assert.Equal(Pixels(stays.Generate([Prompt, "two cats", "a dog"], seed: 1, batch: 2)), Pixels(goes.Generate([Prompt, "two cats", "a dog"], seed: 1, batch: 2)));
    }

    [Fact]
    public void PicturesFromPicturesAreTheSameBytes()
    {
        var strong = sd.Pipeline.Scheduler(Ddim(4)).Guidance(Cfg(5)).Strength(0.5).Compile(Options);
        using var stays = strong.Load();
        using var goes = strong.Load(Offloaded);

        Assert.Equal(Pixels(stays.GenerateFrom([Picture], Prompt)), Pixels(goes.GenerateFrom([Picture], Prompt)));
    }

    [Fact]
    public void EachStageHasItsOwnWeightsAlone()
    {
        using var all = Guided.Load();
        var sizes = new Dictionary<string, long>();
        using var run = Guided.Load(Offloaded);
        run.WithStages(stage => sizes[stage] = run.WeightBytes);

        Assert.Equal(0, run.WeightBytes);
        run.Generate(Prompt);
        Assert.Equal(0, run.WeightBytes);
        Assert.Equal(["text", "denoise", "decode"], sizes.Keys);
        Assert.Equal(all.WeightBytes, sizes.Values.Sum());
        Assert.All(sizes.Values, size => Assert.InRange(size, 1, all.WeightBytes - 1));
    }

    [Fact]
    public async Task ThreadsShareAStage()
    {
        using var alone = Guided.Load();
        using var run = Guided.Load(Offloaded);
        var together = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => run.GenerateAsync(Prompt, seed: i)));

        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(Pixels(alone.Generate(Prompt, seed: i)), Pixels(together[i])));
        Assert.Equal(0, run.WeightBytes);
    }

    [Fact]
    public void ADisposedRunKeepsWeightsForWhoIsStillUsingThem()
    {
        var run = Guided.Load();
        var before = run.WeightBytes;
        var seen = 0L;
        run.WithStages(stage =>
        {
            if (stage == "decode")
            {
                run.Dispose();
                seen = run.WeightBytes;
            }
        });
        run.Generate(Prompt);

        Assert.InRange(seen, 1, before - 1);
        Assert.Equal(0, run.WeightBytes);
        Assert.Equal("DIF0106", Assert.Throws<DiffusionException>(() => run.Generate(Prompt)).Id);
    }

    [Fact]
    public void WhatIsMissingIsToldWhenThePipelineIsLoaded()
    {
        using var other = new TinyStableDiffusion();
        File.Delete(Path.Combine(other.Folder, "vae", "diffusion_pytorch_model.safetensors"));

        Assert.Equal("DIF0502", Assert.Throws<DiffusionException>(() => other.Pipeline.Compile(Options).Load(Offloaded)).Id);
    }

    [Fact]
    public void SlicesAndTilesReachTheNetworks()
    {
        using var plain = Guided.Load();
        using var sliced = sd.Pipeline.Scheduler(Ddim(3)).Guidance(Cfg(5)).AttentionSlicing(Slicing.Max).VaeSlicing().Compile(Options).Load();
        using var tiled = sd.Pipeline.Scheduler(Ddim(3)).Guidance(Cfg(5)).VaeTiling(8).Compile(Options).Load();
        var expected = Pixels(plain.Generate(Prompt));

        Assert.Equal(expected, Pixels(sliced.Generate(Prompt)));
        Assert.NotEqual(expected, Pixels(tiled.Generate(Prompt)));
        var tooMany = sd.Pipeline.Scheduler(Ddim(3)).AttentionSlicing(Slicing.Of(5)).Compile(Options);
        Assert.Equal("DIF0470", Assert.Throws<DiffusionException>(() => tooMany.Load()).Id);
        Assert.Equal("DIF0470", Assert.Throws<DiffusionException>(() => tooMany.Load(Offloaded)).Id);
    }

    private static byte[] Pixels(IEnumerable<Image> images) => [.. images.SelectMany(image => image.Pixels.ToArray())];
}
