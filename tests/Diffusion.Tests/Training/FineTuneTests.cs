using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Training;
using static Diffusion.Dsl.Schedulers;
using static TorchSharp.torch;

namespace Diffusion.Tests.Training;

/// <summary>A pipeline that was saved is loaded, taught further, saved and sampled from.</summary>
public sealed class FineTuneTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("diffusion-finetune-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void FourPicturesAreLearntByHeart()
    {
        var pipeline = Saved(NoiseSchedule.Linear, PredictionType.Epsilon);
        var training = Train.FineTune(pipeline, Tiny.Pictures(4), rate: 1e-2, epochs: 300, batch: 4).Schedule(LearningRates.Cosine());
        var result = training.Run(new TrainerOptions(PathIn("tuned")));
        var losses = MetricsLog.Read(result.Folder).Select(metric => metric.Loss).ToArray();
        var (before, behind) = (losses[..5].Average(), losses[^30..].Average());
        Assert.True(behind <= before / 10, $"the loss fell from {before:F4} to {behind:F4}");

        // Another value with other weights; the old pipeline still stands for the old ones.
        using var old = pipeline.Scheduler(Ddim(5)).Compile().Load();
        using var tuned = Pipeline.From(Pretrained.From(result.ModelFolder).Unet).Scheduler(Ddim(5)).Compile().Load();
        Assert.NotEqual(old.Generate(1)[0], tuned.Generate(1)[0]);
    }

    [Fact]
    public void TheCheckpointsScheduleAndPredictionTypeAreKept()
    {
        var pipeline = Saved(NoiseSchedule.Cosine, PredictionType.VPrediction);
        var training = Train.FineTune(pipeline, Tiny.Pictures(4), epochs: 1);
        var result = training.Run(new TrainerOptions(PathIn("tuned")));
        var spec = Pipeline.From(Pretrained.From(result.ModelFolder).Unet).Compile().Spec;
        Assert.Equal(NoiseSchedule.Cosine, spec.Noise);
        Assert.Equal(PredictionType.VPrediction, spec.Prediction);
    }

    [Fact]
    public void APipelineIsSavedAndLoadedAsItWas()
    {
        var pipeline = Saved(NoiseSchedule.Linear, PredictionType.Epsilon);
        using var first = pipeline.Scheduler(Ddpm(10)).Compile().Load();
        first.SavePretrained(PathIn("again"));
        using var second = Pipeline.From(Pretrained.From(PathIn("again")).Unet).Scheduler(Ddpm(10)).Compile().Load();
        Assert.Equal(first.Generate(2, seed: 3).Select(image => image), second.Generate(2, seed: 3).Select(image => image));
        var index = File.ReadAllText(Path.Combine(PathIn("again"), "model_index.json"));
        Assert.Contains("\"DDPMPipeline\"", index, StringComparison.Ordinal);
        Assert.Contains("\"UNet2DModel\"", index, StringComparison.Ordinal);
    }

    [Fact]
    public void ASwappedSchedulerIsAnotherPipeline()
    {
        var pipeline = Saved(NoiseSchedule.Linear, PredictionType.Epsilon).Scheduler(Ddpm(1000));
        var swapped = pipeline.Scheduler(Ddim(40));
        Assert.Equal("Ddpm(1000)", pipeline.Sampler!.ToString());
        Assert.Equal(1000, pipeline.Compile().Plan.Steps.Count);
        Assert.Equal(40, swapped.Compile().Plan.Steps.Count);
        Assert.Equal(pipeline.Compile().Spec.Noise, swapped.Compile().Spec.Noise);
    }

    private Pipeline Saved(NoiseSchedule noise, PredictionType prediction)
    {
        using var task = new DenoisingTask(Train.Ddpm(Tiny.Config).Noise(noise).Objective(new Objective(prediction)));
        task.SavePretrained(PathIn("saved"));
        return Pipeline.From(Pretrained.From(PathIn("saved")).Unet);
    }

    private string PathIn(string name) => Path.Combine(folder.FullName, name);
}
