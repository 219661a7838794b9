using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Plotting;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// Runs a <see cref="Dsl.Training"/>: batches, losses, gradients, optimiser, average, checkpoints, metrics, sample grids. One thread uses it; dispose it to
/// free the model.
/// </summary>
/// <remarks>
/// All that is random comes from the training's seed: noise and timesteps from one generator whose state the checkpoint keeps, the order of the data and
/// their transforms from the number of the batch. So a resumed run is, on the CPU bit for bit, the run that was never stopped.
/// </remarks>
public sealed class Trainer : IDisposable
{
    private static readonly TimeSpan BetweenPlots = TimeSpan.FromSeconds(15);

    private readonly TrainingTask task;
    private readonly ImageLoader loader;
    private readonly AdamW optimizer;
    private readonly ExponentialMovingAverage? average;
    private readonly Generator random;
    private readonly TrainingState state;
    private readonly GradientStep gradients;
    private readonly Stopwatch sincePlot = Stopwatch.StartNew();
    private int saved;

    internal Trainer(Dsl.Training definition, TrainerOptions options, TrainingTask task, ImageLoader loader)
    {
        (Definition, Options, this.task, this.loader) = (definition, options, task, loader);
        optimizer = definition.UpdateRule switch
        {
            AdamWOptimizer adam => new AdamW(task.Model, adam.Beta1, adam.Beta2, adam.Epsilon, adam.WeightDecay),
            AdamOptimizer adam => new AdamW(task.Model, adam.Beta1, adam.Beta2, adam.Epsilon, weightDecay: 0),
            var other => throw new NotSupportedException(other.GetType().Name),
        };
        average = definition.Average is { } decay ? new ExponentialMovingAverage(task.Model, decay) : null;
        random = new Generator((ulong)definition.RandomSeed);
        state = new TrainingState(task.Model, optimizer, average, random, definition.Key);
        gradients = new GradientStep(definition, task, random);
    }

    /// <summary>The training.</summary>
    public Dsl.Training Definition { get; }

    /// <summary>Where it runs.</summary>
    public TrainerOptions Options { get; }

    /// <summary>Steps that are done, those before a resumption included.</summary>
    public int Step => optimizer.Steps;

    /// <summary>The model that is trained; owned by the trainer's task.</summary>
    public nn.Module Model => task.Model;

    /// <summary>The moving average; null where the training has none.</summary>
    public ExponentialMovingAverage? Average => average;

    /// <summary>The file that holds the run.</summary>
    public string CheckpointPath => Options.CheckpointPath;

    /// <summary>Trains to the end, and writes the finished model.</summary>
    /// <param name="progress">Told behind every step, on this thread.</param>
    /// <param name="cancellation">Checked before every step; the run is saved before it ends.</param>
    /// <exception cref="DiffusionException">DIF0229: the loss is not finite any more. DIF0226, DIF0228, DIF0233: a batch does not fit the network. DIF0514: a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for; the folder can be resumed.</exception>
    public TrainingResult Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var log = MetricsLog.Open(Options.Folder, Step);
        var pace = new Pace(Definition.TotalSteps, Step);
        using var groups = BatchGroups.Read(loader, Definition.AccumulationSteps, Definition.StepsPerEpoch, Step).GetEnumerator();
        while (Step < Definition.TotalSteps)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save(log);
                cancellation.ThrowIfCancellationRequested();
            }

            if (Advance(groups) is { } metric)
            {
                log.Add(metric);
                progress?.Report(pace.Behind(metric));
            }

            if (Step % Options.SaveEvery == 0)
                Save(log);
            if (Options.SampleEvery > 0 && Step % Options.SampleEvery == 0)
                SaveSamples();
        }

        Save(log);
        using (BorrowedAverage.Of(task.Model, average))
            task.SavePretrained(PathIn("model"));
        return new TrainingResult(Step, Pace.Smooth(log.Metrics.Select(metric => metric.Loss)), pace.Elapsed, Options.Folder, PathIn("model"));
    }

    /// <summary>Frees the model, the optimiser and the average.</summary>
    public void Dispose()
    {
        random.Dispose();
        average?.Dispose();
        optimizer.Dispose();
        task.Dispose();
    }

    /// <summary>Goes on from the folder's checkpoint.</summary>
    internal void Resume() => saved = TrainingCheckpoint.Load(CheckpointPath, state);

    // Null: all pictures of the step were broken, and the step changed nothing.
    private TrainingMetric? Advance(IEnumerator<IReadOnlyList<ImageBatch>> groups)
    {
        var watch = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        groups.MoveNext();
        var (batches, step) = (groups.Current, Step);
        if (batches.Count == 0)
        {
            optimizer.Steps++;
            return null;
        }

        foreach (var batch in batches)
            task.Check(batch, Definition.Data!.Name);
        var rate = Definition.LearningRate.At(step, Definition.UpdateRule.Rate, Definition.TotalSteps);
        var (loss, norm) = gradients.Compute(batches, step);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
            throw Rules.LossNotFinite.Error(step + 1, double.IsFinite(loss) ? FormattableString.Invariant($"{loss:G4} with a gradient of norm {norm}") : loss, rate, LastGood());

        optimizer.Step(rate);
        average?.Update();
        return new TrainingMetric(Step, (step / Definition.StepsPerEpoch) + 1, loss, rate, norm, batches.Sum(batch => batch.Count), watch.Elapsed.TotalSeconds);
    }

    private string LastGood() => saved > 0
        ? FormattableString.Invariant($"the last good checkpoint is {CheckpointPath}, of step {saved}")
        : "there is no checkpoint yet";

    private void Save(MetricsLog log)
    {
        log.Flush();
        TrainingCheckpoint.Save(CheckpointPath, state);
        saved = Step;
        if (log.Metrics.Count > 1 && (Step == Definition.TotalSteps || sincePlot.Elapsed > BetweenPlots))
        {
            LossPlot.Save(PathIn("loss.png"), log.Metrics.Select(metric => (double)metric.Step), log.Metrics.Select(metric => metric.Loss));
            sincePlot.Restart();
        }
    }

    private void SaveSamples()
    {
        using var borrowed = BorrowedAverage.Of(task.Model, average);
        if (task.Sample(Options.SampleCount, Definition.RandomSeed, Options.SampleScheduler) is { } images)
            Image.Grid(images, columns: (int)Math.Ceiling(Math.Sqrt(images.Count)), padding: 2).Save(PathIn(Path.Combine("samples", FormattableString.Invariant($"step-{Step:D6}.png"))));
    }

    private string PathIn(string name) => Path.Combine(Options.Folder, name);
}
