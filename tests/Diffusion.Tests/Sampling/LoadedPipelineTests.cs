using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Sampling;
using Diffusion.Tests.Samplers;
using TorchSharp;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Sampling;

public class LoadedPipelineTests
{
    private static readonly UnetModel Unet = UnetModel.Custom("a test", new UnetFacts(3, 3, 8, 8));

    [Fact]
    public void APictureOfABatchIsTheSameGeneratedAlone()
    {
        using var run = Load(Ddpm(5));
        var batch = run.Generate(count: 5, seed: 10, batch: 2);
        Assert.Equal([10, 11, 12, 13, 14], batch.Seeds);
        Assert.Equal(5, batch.Distinct().Count());
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(batch[i], run.Generate(seed: 10 + i)[0]);
        }
    }

    [Fact]
    public void PicturesToStartFromGetTheNoiseOfTheFirstStep()
    {
        var start = new Image[] { Picture(1), Picture(2), Picture(3) };
        using var run = Load(Ddim(8), pipeline => pipeline.StartAt(5));
        var made = run.GenerateFrom(start, seed: 10, batch: 2);
        Assert.Equal([10, 11, 12], made.Seeds);
        Assert.Equal(made[2], run.GenerateFrom([start[2]], seed: 12)[0]);

        // The same by hand: x = α·picture + σ·z, then the last three steps of the sampler.
        var plan = run.Compiled.Plan;
        Assert.Equal(3, plan.Steps.Count);
        using var clean = Image.ToBatch([start[0]]);
        using var noise = new SeededNoise([10]);
        using var z = noise.Draw([1, 3, 8, 8]);
        using var x = (clean * plan.Steps[0].Start.Alpha) + (z * plan.Steps[0].Start.Sigma);
        using var network = new RandomNetwork();
        using var sampling = new SamplingRun(network, noise, [1, 3, 8, 8]) { Initial = x };
        foreach (var _ in new PlanInterpreter(plan).Sample(sampling))
        {
        }

        Assert.Equal(Image.FromBatch(sampling.X)[0], made[0]);
    }

    [Fact]
    public void APipelineThatStartsLaterNeedsPicturesOfItsSize()
    {
        using var run = Load(Ddim(8), pipeline => pipeline.StartAt(5));
        Assert.Equal("DIF0107", Assert.Throws<DiffusionException>(() => run.Generate()).Id);
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => run.GenerateFrom([Image.Grid([Picture(1), Picture(2)])])).Id);
        Assert.Equal("DIF0105", Assert.Throws<DiffusionException>(() => run.GenerateFrom([])).Id);
    }

    [Fact]
    public void ThreadsShareALoadedPipeline()
    {
        using var run = Load(Ddim(8, eta: 0.5));
        var expected = run.Generate(count: 8, seed: 1);
        var actual = new Image[8];
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => actual[i] = run.Generate(seed: 1 + i)[0]);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task AStreamEndsAtTheGeneratedPicture()
    {
        using var run = Load(Ddim(6));
        var steps = new List<StreamedStep>();
        await foreach (var step in run.Stream(count: 2, seed: 3))
        {
            steps.Add(step);
        }

        Assert.Equal(Enumerable.Range(0, 6), steps.Select(step => step.Index));
        Assert.True(steps[^1].IsLast);
        Assert.Equal(run.Generate(count: 2, seed: 3), steps[^1].X);
        Assert.Equal(steps[^1].X, steps[^1].X0); // at the last step ᾱ is 1
        Assert.NotEqual(steps[0].X, steps[0].X0);
    }

    [Fact]
    public async Task AStreamShowsTheX0ThatFusionFoldedAway()
    {
        using var fused = Load(Ddim(6, clamp: Clamp.None));
        using var interpreted = Pipeline.From(Unet).Scheduler(Ddim(6, clamp: Clamp.None)).Compile(new CompileOptions { Mode = CompileMode.Interpreter }).Load(new RandomNetwork());
        await using var expected = interpreted.Stream(seed: 4).GetAsyncEnumerator();
        await foreach (var step in fused.Stream(seed: 4))
        {
            Assert.True(await expected.MoveNextAsync());
            Assert.Equal(expected.Current.X0, step.X0);
        }
    }

    [Fact]
    public void CancellationStopsBetweenSteps()
    {
        using var run = Load(Ddim(20));
        using var source = new CancellationTokenSource();
        var seen = 0;
        var progress = new Reporter(step =>
        {
            seen = step.Step;
            if (step.Step == 3)
            {
                source.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(() => run.Generate(progress: progress, cancellation: source.Token));
        Assert.Equal(3, seen);
    }

    [Fact]
    public async Task ACancelledStreamThrows()
    {
        using var run = Load(Ddim(20));
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var step in run.Stream(cancellation: source.Token))
            {
                source.Cancel();
            }
        });
    }

    [Fact]
    public void ProgressCountsTheStepsOfAllBatches()
    {
        using var run = Load(Ddim(4));
        var seen = new List<SamplingProgress>();
        run.Generate(count: 5, batch: 2, progress: new Reporter(seen.Add));
        Assert.Equal(Enumerable.Range(1, 12), seen.Select(step => step.Step));
        Assert.All(seen, step => Assert.Equal(12, step.Steps));
    }

    [Fact]
    public void BadCallsAreOneSentence()
    {
        var run = Load(Ddim(4));
        Assert.Equal("DIF0105", Assert.Throws<DiffusionException>(() => run.Generate(count: 0)).Id);
        run.Dispose();
        Assert.Equal("DIF0106", Assert.Throws<DiffusionException>(() => run.Generate()).Id);
        using var unsized = Pipeline.From(UnetModel.Custom("unsized", new UnetFacts(3, 3))).Scheduler(Ddim(4)).Compile().Load(new RandomNetwork());
        Assert.Equal("DIF0438", Assert.Throws<DiffusionException>(() => unsized.Generate()).Id);
    }

    [Fact]
    public void NoiseIsThatOfPythonsGenerator()
    {
        using var noise = new SeededNoise([42, 0]);
        using var drawn = noise.Draw([2, 1, 2, 2]);
        using var first = torch.randn([1, 1, 2, 2], generator: new torch.Generator(42));
        using var second = torch.randn([1, 1, 2, 2], generator: new torch.Generator(0));
        using var expected = torch.cat([first, second], 0);
        Assert.Equal(expected.data<float>().ToArray(), drawn.data<float>().ToArray());
        Assert.Equal(0.33669037f, drawn.data<float>()[0]); // golden: torch.manual_seed(42); torch.randn(4)
    }

    private static LoadedPipeline Load(Scheduler sampler, Func<Pipeline, Pipeline>? with = null)
    {
        var pipeline = Pipeline.From(Unet).Scheduler(sampler);
        return (with?.Invoke(pipeline) ?? pipeline).Compile(NoCache).Load(new RandomNetwork());
    }

    private static Image Picture(int seed)
    {
        var pixels = new byte[8 * 8 * 3];
        new Random(seed).NextBytes(pixels);
        return new Image(8, 8, 3, pixels);
    }

    private static CompileOptions NoCache => CompileOptions.Default.WithCacheDirectory("");

    private sealed class Reporter(Action<SamplingProgress> report) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => report(value);
    }
}
