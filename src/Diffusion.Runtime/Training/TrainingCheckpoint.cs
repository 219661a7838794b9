using System;
using System.Collections.Generic;
using System.Globalization;
using Diffusion.Dsl;
using Diffusion.Runtime.Weights;
using Diffusion.Runtime.Weights.Safetensors;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// Everything that a training run must remember, in one safetensors file: the model as <c>model.*</c>, its average as <c>ema.*</c>, the optimiser's
/// moments as <c>adamw.m.*</c> and <c>adamw.v.*</c>, and the number of steps in the metadata.
/// </summary>
public static class TrainingCheckpoint
{
    private const string StepKey = "step";

    /// <summary>Writes the state of a run, whole or not at all; the last good file stays until the new one is complete.</summary>
    /// <param name="path">Where to write.</param>
    /// <param name="model">The model.</param>
    /// <param name="average">Its average.</param>
    /// <param name="optimizer">Its optimiser; tells the number of steps.</param>
    /// <exception cref="DiffusionException">DIF0514: the file cannot be written.</exception>
    public static void Save(string path, nn.Module model, ExponentialMovingAverage average, AdamW optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        var steps = optimizer.Steps.ToString(CultureInfo.InvariantCulture);
        SafetensorsFile.Write(path, State(model, average, optimizer), metadata: new Dictionary<string, string> { [StepKey] = steps });
    }

    /// <summary>Reads the state of a run into a model, an average and an optimiser of the same structure.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="average">Its average.</param>
    /// <param name="optimizer">Its optimiser.</param>
    /// <returns>The number of steps that were made.</returns>
    /// <exception cref="DiffusionException">DIF0501 to DIF0515: the file is missing, damaged or of another model. DIF0564: it is no training checkpoint.</exception>
    public static int Load(string path, nn.Module model, ExponentialMovingAverage average, AdamW optimizer)
    {
        ArgumentNullException.ThrowIfNull(average);
        ArgumentNullException.ThrowIfNull(optimizer);
        using var checkpoint = Checkpoint.Open(path);
        if (!checkpoint.Metadata.TryGetValue(StepKey, out var text) || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var steps))
            throw Rules.NoTrainingCheckpoint.Error(path);

        foreach (var (name, tensor) in State(model, average, optimizer))
            checkpoint.CopyTo(name, tensor);

        optimizer.Steps = steps;
        average.Updates = steps;
        return steps;
    }

    private static Dictionary<string, Tensor> State(nn.Module model, ExponentialMovingAverage average, AdamW optimizer)
    {
        var state = new Dictionary<string, Tensor>();
        foreach (var (name, parameter) in model.named_parameters())
        {
            state["model." + name] = parameter;
            state["ema." + name] = average.Shadow[name];
            state["adamw.m." + name] = optimizer.FirstMoments[name];
            state["adamw.v." + name] = optimizer.SecondMoments[name];
        }

        return state;
    }
}
