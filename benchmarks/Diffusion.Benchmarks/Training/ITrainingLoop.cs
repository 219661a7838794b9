using System;

namespace Diffusion.Benchmarks.Training;

/// <summary>A way to train the course's U-Net.</summary>
internal interface ITrainingLoop : IDisposable
{
    /// <summary>The learning rate.</summary>
    const double Rate = 1e-3;

    /// <summary>What the moving average keeps in a step.</summary>
    const double Decay = 0.999;

    /// <summary>Forward, mean squared error, backward, AdamW and the moving average.</summary>
    /// <returns>The loss before the step.</returns>
    float Step(TrainingBatch batch);
}
