using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>Everything that a training run must remember; nothing of it is owned.</summary>
/// <param name="Model">The model.</param>
/// <param name="Optimizer">Its optimiser, which counts the steps.</param>
/// <param name="Average">Its moving average; null: none.</param>
/// <param name="Random">Where the run's random numbers come from; null: it keeps no generator.</param>
/// <param name="Definition">Which training it is, as a text; two runs of different texts do not take each other's checkpoints.</param>
public sealed record TrainingState(nn.Module Model, AdamW Optimizer, ExponentialMovingAverage? Average = null, Generator? Random = null, string Definition = "")
{
    /// <summary>The same of another model.</summary>
    /// <param name="model">The model.</param>
    public TrainingState WithModel(nn.Module model) => this with { Model = model };

    /// <summary>The same with another optimiser.</summary>
    /// <param name="optimizer">The model's optimiser.</param>
    public TrainingState WithOptimizer(AdamW optimizer) => this with { Optimizer = optimizer };

    /// <summary>The same with another average, or none.</summary>
    /// <param name="average">The model's moving average.</param>
    public TrainingState WithAverage(ExponentialMovingAverage? average) => this with { Average = average };

    /// <summary>The same with another generator, or none.</summary>
    /// <param name="random">Where the run's random numbers come from.</param>
    public TrainingState WithRandom(Generator? random) => this with { Random = random };

    /// <summary>The same of another training.</summary>
    /// <param name="definition">Which training it is, as a text.</param>
    public TrainingState WithDefinition(string definition) => this with { Definition = definition };
}
