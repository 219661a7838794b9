using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;
using Diffusion.Runtime.Training;
using Spectre.Console;

// In the namespace of the definitions, so that `using Diffusion.Dsl` is enough to write training.RunOnConsole(…).
namespace Diffusion.Dsl;

/// <summary>Trainings in a terminal.</summary>
public static class TrainingConsole
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Trains and shows images/s, loss and the time that is left: a progress bar on a terminal, else a line every ten seconds. Ctrl+C and a request to
    /// terminate save the run and end it.
    /// </summary>
    /// <param name="training">The definition.</param>
    /// <param name="options">Where it runs.</param>
    /// <param name="cancellation">Saves the run and ends it, as Ctrl+C does: <c>new CancellationTokenSource(TimeSpan.FromMinutes(110)).Token</c> trains in pieces.</param>
    /// <returns>What is left behind; null where the run was ended early.</returns>
    /// <exception cref="DiffusionException">All errors of the definition, of the data and of the run, by id.</exception>
    public static TrainingResult? RunOnConsole(this Training training, TrainerOptions options, CancellationToken cancellation = default)
    {
        using var trainer = training.Start(options);
        return trainer.RunOnConsole(cancellation);
    }

    /// <summary>As <see cref="RunOnConsole(Training, TrainerOptions, CancellationToken)"/>, of a trainer that was started.</summary>
    /// <param name="trainer">The trainer; not disposed.</param>
    /// <param name="cancellation">Saves the run and ends it.</param>
    /// <returns>What is left behind; null where the run was ended early.</returns>
    /// <exception cref="DiffusionException">All errors of the data and of the run, by id.</exception>
    public static TrainingResult? RunOnConsole(this Trainer trainer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        Console.WriteLine(trainer.Definition.ToString());
        if (trainer.Step > 0)
            Console.WriteLine(FormattableString.Invariant($"going on behind step {trainer.Step}"));
        try
        {
            var result = AnsiConsole.Profile.Capabilities.Interactive ? WithBar(trainer, stop.Token) : trainer.Run(new Lines(), stop.Token);
            Console.WriteLine(FormattableString.Invariant($"{result.Steps} steps, loss {result.Loss:F4}, {result.Elapsed:h\\:mm\\:ss}: {result.ModelFolder}"));
            return result;
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine(FormattableString.Invariant($"stopped behind step {trainer.Step} of {trainer.Definition.TotalSteps}; {trainer.CheckpointPath} holds the run, resume it to go on"));
            return null;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static TrainingResult WithBar(Trainer trainer, CancellationToken cancellation) => AnsiConsole.Progress()
        .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
        .Start(context =>
        {
            var task = context.AddTask("training", maxValue: trainer.Definition.TotalSteps);
            return trainer.Run(new Bar(task), cancellation);
        });

    private sealed class Bar(ProgressTask task) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            task.Value = value.Step;
            task.Description = value.ToString().EscapeMarkup();
        }
    }

    private sealed class Lines : IProgress<TrainingProgress>
    {
        private Stopwatch? watch;

        public void Report(TrainingProgress value)
        {
            if (watch is not null && watch.Elapsed < LineEvery && value.Step < value.TotalSteps)
                return;

            watch = Stopwatch.StartNew();
            Console.WriteLine(value.ToString());
        }
    }
}
