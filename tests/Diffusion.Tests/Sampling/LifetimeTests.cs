using System;
using System.Collections.Generic;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using Diffusion.Runtime.Weights;
using Diffusion.Tests.Models.Clip;
using Diffusion.Tests.Samplers;
using TorchSharp;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Sampling;

/// <summary>Counts live tensors of the whole process: alone, after all other tests.</summary>
[Collection(nameof(Alone))]
public class LifetimeTests
{
    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;

    [Theory]
    [InlineData(CompileMode.Automatic)]
    [InlineData(CompileMode.Interpreter)]
    public void FiftyPicturesLeaveNoTensorBehind(CompileMode mode)
    {
        var options = CompileOptions.Default.WithCacheDirectory("").WithMode(mode);
        using var run = Pipeline.From(UnetModel.Custom("a test", new UnetFacts(3, 3, 8, 8))).Scheduler(Ddim(4, eta: 1)).Compile(options).Load(new RandomNetwork());
        run.Generate();
        var before = LiveTensors();
        for (var i = 0; i < 50; i++)
        {
            run.Generate(seed: i);
        }

        Assert.Equal(before, LiveTensors());
    }

    [Fact]
    public void BrownianPathsLeaveNoTensorBehind()
    {
        using var run = Pipeline.From(UnetModel.Custom("a test", new UnetFacts(3, 3, 8, 8))).Scheduler(DpmSolverSde(4)).Compile(CompileOptions.Default.WithCacheDirectory("")).Load(new RandomNetwork());
        run.Generate();
        var before = LiveTensors();
        for (var i = 0; i < 10; i++)
        {
            run.Generate(count: 3, seed: i);
        }

        Assert.Equal(before, LiveTensors());
    }

    [Fact]
    public void ACancelledCallLeavesNoTensorBehind()
    {
        using var run = Pipeline.From(UnetModel.Custom("a test", new UnetFacts(3, 3, 8, 8))).Scheduler(Ddim(9)).Compile(CompileOptions.Default.WithCacheDirectory("")).Load(new RandomNetwork());
        run.Generate();
        var before = LiveTensors();
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => run.Generate(progress: new CancelAtOnce(source), cancellation: source.Token));
        Assert.Equal(before, LiveTensors());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ClipLeavesNoTensorBehind(bool records)
    {
        using var grad = torch.set_grad_enabled(records);
        using var model = ClipModel.FromConfig(TinyClip.Whole);
        using var text = ClipTextModelWithProjection.FromConfig(TinyClip.Text);
        using var ids = torch.tensor([1L, 2, 39], [1, 3]);
        using var mask = torch.ones(1, 3);
        using var pictures = torch.rand(2, 3, 12, 20);
        void Once()
        {
            using var pixels = ClipPixels.Prepare(pictures, 8);
            using var both = model.call(ids, pixels);
            using var square = both.LogitsPerText.expand(2, 2);
            using var loss = ContrastiveLoss.Of(square);
            using var output = text.Forward(ids, mask, hiddenStates: true);
            using var tokens = text.Embed(ids);
            using var embeddings = text.Encode(tokens, ClipLayer.Penultimate);
            using var batch = TextEmbeddings.Batch([embeddings, embeddings]);
        }

        Once();
        var before = LiveTensors();
        for (var i = 0; i < 20; i++)
        {
            Once();
        }

        Assert.Equal(before, LiveTensors());
    }

    [Theory]
    [InlineData(CompileMode.Automatic)]
    [InlineData(CompileMode.Interpreter)]
    public void WhatAStageNeedsNoMoreIsGoneBeforeTheNextOne(CompileMode mode)
    {
        using var sd = new TinyStableDiffusion();
        using var run = sd.Pipeline.Scheduler(Ddim(3)).Guidance(Cfg(5)).Compile(CompileOptions.Default.WithCacheDirectory("").WithMode(mode)).Load();
        run.Generate("a house");
        var (before, live) = (LiveTensors(), new List<string>());
        run.WithStages(stage => live.Add($"{stage} {torch.Tensor.TotalCount - before}"));
        run.Generate("a house");

        // The prompts' vectors when denoising begins, and the latents alone when decoding does.
        Assert.Equal(["text 0", "denoise 2", "decode 1"], live);
        Assert.Equal(before, LiveTensors());
    }

    // TorchSharp's count of tensors never forgets what a parameter was made of, so mapped weights are counted instead.
    [Fact]
    public void OffloadedStagesLetGoOfTheirFiles()
    {
        using var sd = new TinyStableDiffusion();
        using var run = sd.Pipeline.Scheduler(Ddim(2)).Guidance(Cfg(5)).Compile(CompileOptions.Default.WithCacheDirectory("")).Load(LoadOptions.Default.WithOffload(true));
        var (before, mapped) = (MappedViews.Count, new List<int>());
        run.WithStages(_ => mapped.Add(MappedViews.Count - before));
        run.Generate("a house");

        Assert.Equal([52, 208, 124], mapped);
        Assert.Equal(before, MappedViews.Count);
    }

    private static long LiveTensors()
    {
        // What earlier tests left to finalizers must not count here; autograd's nodes let go of more only when theirs have run: until three rounds free nothing.
        var live = torch.Tensor.TotalCount;
        for (var quiet = 0; quiet < 3; quiet++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (torch.Tensor.TotalCount != live)
            {
                (live, quiet) = (torch.Tensor.TotalCount, -1);
            }
        }

        return live;
    }

    private sealed class CancelAtOnce(CancellationTokenSource source) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => source.Cancel();
    }
}
