using System;
using System.Threading;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Training;

// In the namespace of the definitions, so that `using Diffusion.Dsl` is enough to write training.Run(…).
namespace Diffusion.Dsl;

/// <summary>Starts and runs trainings.</summary>
public static class TrainingRuns
{
    /// <summary>Makes the network, the optimiser and the data reader of a training, and goes on from the folder's checkpoint where that was asked for.</summary>
    /// <param name="training">The definition.</param>
    /// <param name="options">Where it runs.</param>
    /// <exception cref="DiffusionException">All errors of the definition; DIF0230, DIF0231: the folder holds another training. Nothing is overwritten.</exception>
    public static Trainer Start(this Training training, TrainerOptions options) => Start(training, () => new DenoisingTask(training, options.Device), options);

    /// <summary>As <see cref="Start(Training, TrainerOptions)"/>, with a task that the program brings itself.</summary>
    /// <param name="training">The definition, of <c>Train.Custom(name)</c>.</param>
    /// <param name="task">The model and its loss; the trainer disposes it.</param>
    /// <param name="options">Where it runs.</param>
    /// <exception cref="DiffusionException">All errors of the definition; DIF0230, DIF0231: the folder holds another training. Nothing is overwritten.</exception>
    public static Trainer Start(this Training training, TrainingTask task, TrainerOptions options) => Start(training, () => task, options);

    /// <summary>Trains from start to end, or on from the folder's checkpoint: <c>training.Run(new TrainerOptions("out/digits"))</c>.</summary>
    /// <param name="training">The definition.</param>
    /// <param name="options">Where it runs.</param>
    /// <param name="progress">Told behind every step, on this thread.</param>
    /// <param name="cancellation">Checked before every step; the run is saved before it ends.</param>
    /// <exception cref="DiffusionException">All errors of the definition, of the data and of the run, by id.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for; the folder can be resumed.</exception>
    public static TrainingResult Run(this Training training, TrainerOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var trainer = Start(training, options);
        return trainer.Run(progress, cancellation);
    }

    private static Trainer Start(Training training, Func<TrainingTask> task, TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        foreach (var (what, count) in new[] { ("SaveEvery", options.SaveEvery), ("SampleCount", options.SampleCount) })
        {
            if (count < 1)
                throw Rules.CountOutOfRange.Error(what, count);
        }

        var findings = training.Check();
        if (!findings.IsEmpty)
            throw new DiffusionException(findings);

        var loader = Loader(training, options);
        var steps = TrainingCheckpoint.Steps(options.CheckpointPath);
        if (steps is not null && !options.Resume)
            throw Rules.TrainingExists.Error(options.CheckpointPath, steps);

        var trainer = new Trainer(training, options, task(), loader);
        try
        {
            if (steps is not null)
                trainer.Resume();
            return trainer;
        }
        catch
        {
            trainer.Dispose();
            throw;
        }
    }

    private static ImageLoader Loader(Training training, TrainerOptions options)
    {
        var data = training.Data as IImageData ?? throw Rules.DataNotReadable.Error(training.Data!.Name, training.Data.GetType().Name);
        return new ImageLoader(data, training.BatchSize)
        {
            Seed = training.RandomSeed,
            Workers = options.LoaderWorkers,
            Broken = options.Broken,
        };
    }
}
