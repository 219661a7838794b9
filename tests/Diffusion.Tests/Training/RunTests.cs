using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Training;

public sealed class RunTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("diffusion-training-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void AResumedRunIsTheRunThatWasNeverStopped()
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(folder.FullName, "checkpoint.safetensors");
        float[] expected;
        using (var run = new TinyRun())
        {
            run.Steps(3);
            TrainingCheckpoint.Save(path, run.Memory);
            run.Steps(4);
            expected = run.State;
        }

        using var resumed = new TinyRun();
        Assert.Equal(3, TrainingCheckpoint.Load(path, resumed.Memory));
        Assert.NotEqual(expected, resumed.State);
        resumed.Steps(4);
        Assert.Equal(expected, resumed.State);
    }

    [Fact]
    public void WeightsAloneAreNoTrainingCheckpoint()
    {
        var path = Path.Combine(folder.FullName, "model.safetensors");
        using var run = new TinyRun();
        Diffusion.Runtime.Weights.StateDict.Save(run.Model, path);
        Assert.Equal("DIF0564", Assert.Throws<DiffusionException>(() => TrainingCheckpoint.Load(path, run.Memory)).Id);
    }

    [Fact]
    public void AStepLeavesNoTensorBehind()
    {
        using var run = new TinyRun();
        run.Steps(2);
        using var scope = NewDisposeScope();
        run.Steps(3);
        Assert.Equal(0, scope.DisposablesCount);
    }

    private sealed class TinyRun : IDisposable
    {
        public TinyRun()
        {
            Optimizer = new AdamW(Model);
            Average = new ExponentialMovingAverage(Model, new EmaDecay(0.9));
        }

        public Holder Model { get; } = new([1, -2, 3]);

        public AdamW Optimizer { get; }

        public ExponentialMovingAverage Average { get; }

        public TrainingState Memory => new(Model, Optimizer, Average);

        public float[] State => [.. Model.Values, .. Average.Shadow.Values.Single().data<float>().ToArray(), .. Optimizer.FirstMoments.Values.Single().data<float>().ToArray()];

        public void Steps(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var scope = NewDisposeScope();
                Model.Loss(full(3, Optimizer.Steps)).backward();
                Optimizer.Step(0.05);
                Average.Update();
            }
        }

        public void Dispose()
        {
            Average.Dispose();
            Optimizer.Dispose();
            Model.Dispose();
        }
    }
}
