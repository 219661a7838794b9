using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Diffusion.Dsl;
using Diffusion.Runtime.Weights;
using Diffusion.Runtime.Weights.Safetensors;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// A training run in one safetensors file: the model as <c>model.*</c>, its average as <c>ema.*</c>, the optimiser's moments as <c>adamw.m.*</c> and
/// <c>adamw.v.*</c>, the generator as <c>random.state</c>; the number of steps and the definition in the metadata. A resumed run is, on the CPU bit for bit,
/// the run that was never stopped.
/// </summary>
public static class TrainingCheckpoint
{
    private const string StepKey = "step";
    private const string DefinitionKey = "definition";
    private const string RandomName = "random.state";

    /// <summary>Writes the state of a run, whole or not at all; the last good file stays until the new one is complete.</summary>
    /// <param name="path">Where to write.</param>
    /// <param name="state">The run.</param>
    /// <exception cref="DiffusionException">DIF0514: the file cannot be written.</exception>
    public static void Save(string path, TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var random = state.Random?.get_state();
        var tensors = Tensors(state);
        if (random is not null)
            tensors[RandomName] = random;
        SafetensorsFile.Write(path, tensors, metadata: new Dictionary<string, string>
        {
            [StepKey] = state.Optimizer.Steps.ToString(CultureInfo.InvariantCulture),
            [DefinitionKey] = state.Definition,
        });
    }

    /// <summary>How many steps a run has made; null where there is no such file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DiffusionException">DIF0501 to DIF0515: the file is damaged. DIF0564: it is no training checkpoint.</exception>
    public static int? Steps(string path)
    {
        if (!File.Exists(path))
            return null;

        using var checkpoint = Checkpoint.Open(path);
        return Steps(path, checkpoint);
    }

    /// <summary>Reads the state of a run into a model, an average, an optimiser and a generator of the same structure.</summary>
    /// <param name="path">The file.</param>
    /// <param name="state">The run that receives it.</param>
    /// <returns>The number of steps that were made.</returns>
    /// <exception cref="DiffusionException">
    /// DIF0501 to DIF0515: the file is missing, damaged or of another model. DIF0564: it is no training checkpoint. DIF0230: it is another training's.
    /// </exception>
    public static int Load(string path, TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var checkpoint = Checkpoint.Open(path);
        var steps = Steps(path, checkpoint);
        var definition = checkpoint.Metadata.GetValueOrDefault(DefinitionKey, "");
        if (definition != state.Definition)
            throw Rules.AnotherTraining.Error(path, definition, state.Definition);

        foreach (var (name, tensor) in Tensors(state))
            checkpoint.CopyTo(name, tensor);
        if (state.Random is not null)
        {
            using var random = checkpoint.Read(RandomName);
            state.Random.set_state(random);
        }

        state.Optimizer.Steps = steps;
        if (state.Average is not null)
            state.Average.Updates = steps;
        return steps;
    }

    private static int Steps(string path, ICheckpointReader checkpoint) =>
        checkpoint.Metadata.TryGetValue(StepKey, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var steps)
            ? steps
            : throw Rules.NoTrainingCheckpoint.Error(path);

    private static Dictionary<string, Tensor> Tensors(TrainingState state)
    {
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (name, parameter) in state.Model.named_parameters())
        {
            tensors["model." + name] = parameter;
            tensors["adamw.m." + name] = state.Optimizer.FirstMoments[name];
            tensors["adamw.v." + name] = state.Optimizer.SecondMoments[name];
            if (state.Average is not null)
                tensors["ema." + name] = state.Average.Shadow[name];
        }

        return tensors;
    }
}
