using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;
using static TorchSharp.torch;

namespace Diffusion.Tests.Sampling;

/// <summary>Pictures with prompts, negative prompts, seeds and scales of their own in one batch.</summary>
public sealed class PromptBatchTests(TinyStableDiffusion sd) : IClassFixture<TinyStableDiffusion>
{
    private static readonly CompileOptions Options = CompileOptions.Default.WithCacheDirectory("");

    private static readonly Prompt[] Batch =
    [
        Prompt.Of("a photo of a small house").WithSeed(99).WithScale(3).WithNegative("two cats"),
        Prompt.Of("two cats").WithSeed(3),
        Prompt.Of("a photo of a small house").WithSeed(7).WithScale(1),
        Prompt.Of("a small house").WithSeed(-5).WithScale(0.5).WithNegative(""),
    ];

    private Pipeline Guided => sd.Pipeline.Scheduler(EulerAncestral(4)).Guidance(Cfg(7.5)).Negative("a photo");

    [Theory]
    [InlineData(CompileMode.RunTime, 0)]
    [InlineData(CompileMode.Interpreter, 0)]
    [InlineData(CompileMode.RunTime, 0.7)]
    public void EachPictureIsTheOneOfAPipelineWithItsOwnScale(CompileMode mode, double rescale)
    {
        var pipeline = Guided.WithGuiders(Cfg(7.5, rescale));
        var together = Latents(pipeline, mode, run => run.Generate(Batch));
        for (var i = 0; i < Batch.Length; i++)
        {
            var prompt = Batch[i];
            var own = pipeline.WithGuiders(Cfg(prompt.Scale ?? 7.5, rescale)).Negative(prompt.Negative ?? "a photo");
            var alone = Latents(own, mode, run => run.Generate(prompt.Text, seed: prompt.Seed));
            using var scope = NewDisposeScope();

            Assert.InRange((together.narrow(0, i, 1) - alone).abs().max().item<float>() / alone.abs().max().item<float>(), 0, 1e-5);
        }
    }

    [Fact]
    public void ASampleOfTheCompiledScaleStaysAsItIsBitForBit()
    {
        using var scope = NewDisposeScope();
        var plain = Latents(Guided, CompileMode.RunTime, run => run.Generate(["two cats", "a small house"], seed: 3));
        var beside = Latents(Guided, CompileMode.RunTime, run => run.Generate([Prompt.Of("two cats").WithSeed(3), Prompt.Of("a small house").WithSeed(4).WithScale(2)]));

        Assert.True(plain[0].equal(beside[0]).all().item<bool>());
        Assert.False(plain[1].equal(beside[1]).all().item<bool>());
    }

    [Fact]
    public void OneBatchIsOneEvaluationAStep()
    {
        using var run = Guided.Compile(Options).Load();
        var steps = 0;
        run.Generate(Batch, progress: new Counted(() => steps++));

        Assert.Equal(4, steps);
    }

    [Fact]
    public void SeedsMayStandInAnyOrder()
    {
        using var run = Guided.Compile(Options).Load();
        var pictures = run.Generate("two cats", seeds: [3, 99, 7, 3]);

        Assert.Equal([3L, 99, 7, 3], pictures.Seeds);
        Assert.Equal(pictures[0].Pixels.ToArray(), pictures[3].Pixels.ToArray());
        Assert.InRange(Difference(pictures[1], run.Generate("two cats", seed: 99)[0]), 0, 1);
        Assert.True(Difference(pictures[1], pictures[2]) > 1);
    }

    [Fact]
    public void MistakesAreNamed()
    {
        using var run = Guided.Compile(Options).Load();
        using var half = Guided.WithGuiders(Cfg(1)).WithNegativePrompt(null).Compile(Options).Load();
        using var none = Guided.WithGuiders().WithNegativePrompt(null).Compile(Options).Load();
        var error = Assert.Throws<DiffusionException>(() => half.Generate(Batch));

        Assert.Equal("DIF0444", error.Id);
        Assert.Contains("picture 0 has the guidance scale 3, but the pipeline has Cfg(1)", error.Message);
        Assert.Equal("DIF0444", Assert.Throws<DiffusionException>(() => none.Generate(Batch)).Id);
        Assert.Equal("DIF0302", Assert.Throws<DiffusionException>(() => run.Generate([Batch[0].WithScale(double.NaN)])).Id);
        Assert.Equal("DIF0105", Assert.Throws<DiffusionException>(() => run.Generate(Array.Empty<Prompt>())).Id);
        Assert.StartsWith("DIF0305: the negative prompt \"two cats\"", Assert.Single(half.Generate([Prompt.Of("a house").WithScale(1).WithNegative("two cats")]).Warnings).ToString());
    }

    [Fact]
    public void NothingStaysAllocated()
    {
        using var run = Guided.Compile(Options).Load();
        run.Generate(Batch);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        run.Generate(Batch, batch: 3);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Tensor Latents(Pipeline pipeline, CompileMode mode, Action<LoadedPipeline> generate)
    {
        using var run = pipeline.Compile(Options.WithMode(mode)).Load();
        var latents = new List<Tensor>();
        using var recorded = run.WithRecording(seeds => new SeededNoise(seeds), step => latents.Add(step.X.clone().DetachFromDisposeScope()));
        generate(recorded);
        latents[..^1].ForEach(each => each.Dispose());

        return latents[^1];
    }

    private static int Difference(Image one, Image other) => Enumerable.Range(0, one.Pixels.Length).Max(i => Math.Abs(one.Pixels.Span[i] - other.Pixels.Span[i]));

    private sealed class Counted(Action count) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value)
        {
            if (value.Stage == SamplingStage.Sampling)
            {
                count();
            }
        }
    }
}
