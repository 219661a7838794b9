using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Layers;
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
public class LifetimeTests(TinyStableDiffusion sd) : IClassFixture<TinyStableDiffusion>
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

        AssertNoneLeft(before, LiveTensors());
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

        AssertNoneLeft(before, LiveTensors());
    }

    [Fact]
    public void ACancelledCallLeavesNoTensorBehind()
    {
        using var run = Pipeline.From(UnetModel.Custom("a test", new UnetFacts(3, 3, 8, 8))).Scheduler(Ddim(9)).Compile(CompileOptions.Default.WithCacheDirectory("")).Load(new RandomNetwork());
        run.Generate();
        var before = LiveTensors();
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => run.Generate(progress: new CancelAtOnce(source), cancellation: source.Token));
        AssertNoneLeft(before, LiveTensors());
    }

    [Theory]
    [InlineData(0)] // nobody looks
    [InlineData(1)] // everybody does
    [InlineData(2)] // only the first step is asked for
    [InlineData(3)] // nobody asks for a step at all
    public async Task AStreamLeavesNoTensorBehind(int kind)
    {
        using var run = TextPipeline();
        var kept = new List<StreamedStep>();
        await Once();
        kept.Clear();
        var before = LiveTensors();
        for (var i = 0; i < 5; i++)
            await Once();

        AssertNoneLeft(before, Count()); // nor for the garbage collector
        Assert.Equal(kind switch { 2 => 5, 3 => 0, _ => 20 }, kept.Count); // held steps hold no tensors

        async Task Once()
        {
            var stream = run.StreamInpaint(Picture, Picture, "two cats", count: 2);
            if (kind == 3)
                return;
            await foreach (var step in stream)
            {
                kept.Add(step);
                if (kind == 1)
                    Assert.Equal((2, 2, 2), (step.X.Count, step.X0.Count, step.Preview(fullSize: true).Count));
                if (kind == 2)
                    break;
            }
        }
    }

    [Theory]
    [InlineData("encoder", 2)]
    [InlineData("encoder", 7)]
    [InlineData("unet", 3)]
    [InlineData("decoder", 2)]
    public async Task ACallCancelledWithinANetworkLeavesNoTensorBehind(string network, int resnet)
    {
        using var run = TextPipeline();
        run.Inpaint(Picture, Picture, "two cats");
        await foreach (var step in run.StreamInpaint(Picture, Picture, "two cats"))
            Assert.NotNull(step.Preview());
        torch.nn.Module model = network == "unet" ? ((UNet2DConditionNetwork)run.Models.Network.Stay()).Model : run.Models.Vae!.Stay().named_children().Single(part => part.name == network).module;
        var before = LiveTensors();
        for (var i = 0; i < 3; i++)
        {
            using (var one = new CancelAt(model, resnet))
                Assert.Throws<OperationCanceledException>(() => run.Inpaint(Picture, Picture, "two cats", cancellation: one.Token));
            using var other = new CancelAt(model, resnet);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (var step in run.StreamInpaint(Picture, Picture, "two cats", cancellation: other.Token))
                    step.Pictures(other.Token);
            });
        }

        AssertNoneLeft(before, Count()); // nor for the garbage collector
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

        AssertNoneLeft(before, LiveTensors());
    }

    [Theory]
    [InlineData(CompileMode.Automatic)]
    [InlineData(CompileMode.Interpreter)]
    public void WhatAStageNeedsNoMoreIsGoneBeforeTheNextOne(CompileMode mode)
    {
        using var run = sd.Pipeline.Scheduler(Ddim(3)).Guidance(Cfg(5)).Compile(CompileOptions.Default.WithCacheDirectory("").WithMode(mode)).Load();
        run.Generate("a house");
        var (before, live) = (LiveTensors(), new List<string>());
        run.WithStages(stage => live.Add($"{stage} {Count() - before}"));
        run.Generate("a house");

        // The prompts' vectors when denoising begins, and the latents alone when decoding does.
        Assert.Equal(["text 0", "denoise 2", "decode 1"], live);
        AssertNoneLeft(before, LiveTensors());
    }

    // TorchSharp's count of tensors never forgets what a parameter was made of, so packed weights are counted instead.
    [Fact]
    public void OffloadedStagesLetGoOfTheirWeights()
    {
        using var run = sd.Pipeline.Scheduler(Ddim(2)).Guidance(Cfg(5)).Compile(CompileOptions.Default.WithCacheDirectory("")).Load(LoadOptions.Default.WithOffload(true));
        var (before, packed) = (PackedWeights.Count, new List<int>());
        run.WithStages(_ => packed.Add(PackedWeights.Count - before));
        run.Generate("a house");
        using var text = ClipTextEncoder.Load(sd.Folder, memory: WeightMemory.Packed);
        using var unet = UNet2DConditionModel.FromPretrained(sd.Folder, memory: WeightMemory.Packed);
        using var vae = AutoencoderKL.FromPretrained(Path.Combine(sd.Folder, "vae"), memory: WeightMemory.Packed);

        Assert.Equal([Packed(text.Model), Packed(unet), Packed(vae)], packed);
        Assert.DoesNotContain(0, packed);
        Assert.Equal(packed.Sum(), PackedWeights.Count - before);

        static int Packed(torch.nn.Module network) => network.modules().OfType<IPackable>().Count(layer => layer.Packed.IsPacked);
    }

    private static Image Picture { get; } = new(16, 16, 3, Enumerable.Range(0, 16 * 16 * 3).Select(i => (byte)(i * 7)).ToArray());

    private LoadedPipeline TextPipeline() => sd.Pipeline.Scheduler(Ddim(4)).Guidance(Cfg(5)).Compile(CompileOptions.Default.WithCacheDirectory("")).Load();

    private static long LiveTensors()
    {
        // What earlier tests left to finalizers must not count here; autograd's nodes let go of more only when theirs have run: until three rounds free nothing.
        var live = Count();
        for (var quiet = 0; quiet < 3; quiet++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var now = Count();
            if (now != live)
                (live, quiet) = (now, -1);
        }

        return live;
    }

    // Fewer are no leak: what an earlier test left to finalizers may go late, as autograd's nodes do in their turn.
    private static void AssertNoneLeft(long before, long live) => Assert.InRange(live, 0, before);

    // Twenty times a second two tensors live for some microseconds that keep constants of libtorch in memory; they do not count.
    private static long Count() => Enumerable.Range(0, 3).Min(reading =>
    {
        Thread.Sleep(reading);

        return torch.Tensor.TotalCount;
    });

    private sealed class CancelAtOnce(CancellationTokenSource source) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => source.Cancel();
    }
}
