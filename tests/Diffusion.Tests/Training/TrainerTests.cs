using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Native;
using Diffusion.Runtime.Training;
using TorchSharp;
using static Diffusion.Dsl.LearningRates;
using static Diffusion.Dsl.Optimizers;
using static Diffusion.Dsl.Schedulers;
using static TorchSharp.torch;

namespace Diffusion.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("diffusion-trainer-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void TheStepsAreThoseOfALoopWrittenByHand()
    {
        var training = Tiny.Training().Schedule(Cosine(warmup: 1)).Ema(0.9).Steps(5);
        using var trainer = training.Start(Options());
        trainer.Run();

        using var scope = NewDisposeScope();
        using var model = UNet2DModel.FromConfig(Tiny.Config, seed: 1);
        using var optimizer = new Runtime.Training.AdamW(model);
        using var average = new ExponentialMovingAverage(model, new EmaDecay(0.9));
        using var random = new Generator(1);
        var loader = new ImageLoader(Tiny.Pictures(8), 4) { Seed = 1 };
        var curve = NoiseSchedule.Linear.Curve();
        var step = 0;
        foreach (var batch in loader.Batches().Take(5))
        {
            var noise = randn(batch.Images.shape, generator: random);
            var timesteps = randint(0, 1000, [4], ScalarType.Int64, generator: random);
            var noisy = ForwardProcess.AddNoise(curve, batch.Images, noise, timesteps);
            var loss = nn.functional.mse_loss(model.call(noisy, timesteps, null), noise);
            loss.backward();
            GradientClipping.Clip(model.parameters(), 1);
            optimizer.Step(Cosine(warmup: 1).At(step, 1e-2, 5));
            average.Update();
            Assert.Equal(loss.item<float>(), MetricsLog.Read(folder.FullName)[step++].Loss);
        }

        Equal(model, trainer.Model);
        Assert.All(average.Shadow, pair => Assert.True(pair.Value.eq(trainer.Average!.Shadow[pair.Key]).all().item<bool>(), pair.Key));
    }

    [Fact]
    public void AStoppedAndResumedTrainingIsTheOneThatWasNeverStopped()
    {
        var training = Tiny.Training(pictures: 10).Accumulate(2).Schedule(Cosine()).Ema(0.9).Steps(7);
        using var whole = training.Start(Options("whole"));
        whole.Run();
        Resumed(training, stopAfter: 3, "stopped");
        using var resumed = training.Start(Options("stopped").WithResume());
        Assert.Equal(3, resumed.Step);
        resumed.Run();
        Equal(whole.Model, resumed.Model);
        Assert.All(whole.Average!.Shadow, pair => Assert.True(pair.Value.eq(resumed.Average!.Shadow[pair.Key]).all().item<bool>(), pair.Key));
        Assert.Equal(MetricsLog.Read(PathIn("whole")).Select(metric => metric.Loss), MetricsLog.Read(PathIn("stopped")).Select(metric => metric.Loss));
    }

    [Fact]
    public void AModelWithDropoutResumesBitForBitToo()
    {
        var training = Train.Ddpm(Tiny.Config with { Dropout = 0.3 }).On(Tiny.Pictures(8)).Optimizer(AdamW(1e-2)).Batch(4).Steps(4);
        using var whole = training.Start(Options("whole"));
        whole.Run();
        Resumed(training, stopAfter: 2, "stopped");
        using var resumed = training.Start(Options("stopped").WithResume());
        resumed.Run();
        Equal(whole.Model, resumed.Model);
    }

    [Fact]
    public void ALongerTrainingGoesOnFromAShorterOne()
    {
        var training = Tiny.Training();
        training.Steps(2).Run(Options());
        using var longer = training.Steps(4).Start(Options().WithResume());
        Assert.Equal(2, longer.Step);
        longer.Run();
        using var whole = training.Steps(4).Start(Options("whole"));
        whole.Run();
        Equal(whole.Model, longer.Model);
    }

    [Fact]
    public void TheFolderHoldsWhatATrainingLeaves()
    {
        var result = Tiny.Training().Ema(0.9).Steps(4).Run(Options().WithSaveEvery(2).WithSampleEvery(2).WithSampleCount(4).WithSampleScheduler(Ddim(2)));
        Assert.Equal(4, result.Steps);
        Assert.Equal([1, 2, 3, 4], MetricsLog.Read(folder.FullName).Select(metric => metric.Step));
        Assert.Equal(
            ["checkpoint.safetensors", "loss.png", "metrics.jsonl", "model/model_index.json", "model/scheduler/scheduler_config.json", "model/unet/config.json", "model/unet/diffusion_pytorch_model.safetensors", "samples/step-000002.png", "samples/step-000004.png"],
            folder.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.FullName, file.FullName).Replace('\\', '/')).Order(StringComparer.Ordinal));
        using var run = Pipeline.From(Pretrained.From(result.ModelFolder).Unet).Scheduler(Ddim(2)).Compile().Load();
        Assert.Equal(8, run.Generate(1)[0].Width);
    }

    [Fact]
    public void TheFinishedModelHasTheAveragedWeights()
    {
        using var trainer = Tiny.Training().Ema(0.9).Steps(3).Start(Options());
        var result = trainer.Run();
        using var saved = UNet2DModel.FromPretrained(result.ModelFolder);
        Assert.All(saved.named_parameters(), named => Assert.True(named.parameter.eq(trainer.Average!.Shadow[named.name]).all().item<bool>(), named.name));
        Assert.Contains(trainer.Model.named_parameters(), named => !named.parameter.eq(trainer.Average!.Shadow[named.name]).all().item<bool>());
    }

    [Fact]
    public void CancellingSavesTheRun()
    {
        using var stop = new CancellationTokenSource();
        using var trainer = Tiny.Training().Steps(100).Start(Options());
        Assert.Throws<OperationCanceledException>(() => trainer.Run(new Behind(3, stop.Cancel), stop.Token));
        Assert.Equal(3, TrainingCheckpoint.Steps(trainer.CheckpointPath));
        Assert.Equal(3, MetricsLog.Read(folder.FullName).Count);
    }

    [Fact]
    public void ALongRunKeepsNoTensors()
    {
        using var trainer = Tiny.Training().Ema(0.9).Steps(12).Start(Options());
        var counts = new List<long>();
        trainer.Run(new Each(_ => counts.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount)));
        Assert.Single(counts.Skip(2).Distinct());
    }

    [Fact]
    public void TheDefinitionOfBFloat16TrainsFloat32Parameters()
    {
        var training = Tiny.Training().Precision(Precision.BFloat16).Steps(20);
        if (Runtime.Native.Processor.HasBFloat16)
        {
            using var trainer = training.Start(Options());
            trainer.Run();
            Assert.All(trainer.Model.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
            var losses = MetricsLog.Read(folder.FullName).Select(metric => metric.Loss).ToArray();
            Assert.True(losses[^5..].Average() < 0.8 * losses[..3].Average(), string.Join(" ", losses));
        }
        else
        {
            Assert.Equal("DIF0232", Assert.Throws<DiffusionException>(() => training.Start(Options())).Id);
        }
    }

    private static void Equal(nn.Module expected, nn.Module actual) => Assert.All(
        expected.named_parameters().Zip(actual.named_parameters()),
        pair => Assert.True(pair.First.parameter.eq(pair.Second.parameter).all().item<bool>(), pair.First.name));

    private void Resumed(Dsl.Training training, int stopAfter, string name)
    {
        using var stop = new CancellationTokenSource();
        using var stopped = training.Start(Options(name));
        Assert.Throws<OperationCanceledException>(() => stopped.Run(new Behind(stopAfter, stop.Cancel), stop.Token));
    }

    private TrainerOptions Options(string name = "") => new(PathIn(name));

    private string PathIn(string name) => Path.Combine(folder.FullName, name);
}
