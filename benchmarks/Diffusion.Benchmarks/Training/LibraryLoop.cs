using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Training;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Training;

/// <summary>A training step as one writes it with this library.</summary>
internal sealed class LibraryLoop : ITrainingLoop
{
    private readonly AdamW _optimizer;
    private readonly ExponentialMovingAverage _average;
    private readonly ObjectiveLoss _objective = new(Objectives.Epsilon, NoiseSchedule.Linear);

    public LibraryLoop()
    {
        _optimizer = new AdamW(Model);
        _average = new ExponentialMovingAverage(Model, new EmaDecay(ITrainingLoop.Decay).WithMinDecay(ITrainingLoop.Decay));
    }

    public UNet2DModel Model { get; } = UNet2DModel.FromConfig(UNet2DConfig.Course);

    public float Step(TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var loss = _objective.Loss((noisy, timesteps) => Model.call(noisy, timesteps, null), batch.Clean, batch.Noise, batch.Timesteps);
        loss.backward();
        _optimizer.Step(ITrainingLoop.Rate);
        _average.Update();
        return loss.item<float>();
    }

    public void Dispose()
    {
        _average.Dispose();
        _optimizer.Dispose();
        _objective.Dispose();
        Model.Dispose();
    }
}
