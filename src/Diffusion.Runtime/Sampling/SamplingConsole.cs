using System;
using System.Diagnostics;
using Diffusion.Runtime.Sampling;
using Spectre.Console;

// In the namespace of pictures, so that a script that saves some needs nothing more.
namespace Diffusion.Runtime;

/// <summary>Sampling in a terminal.</summary>
public static class SamplingConsole
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(10);

    /// <summary>Shows how far a call has come: a progress bar on a terminal, else a line every ten seconds.</summary>
    /// <param name="title">What is being made, such as the prompt.</param>
    /// <param name="work">The call, which is given where to report: <c>progress => run.Generate("a red circle", count: 4, progress: progress)</c>.</param>
    /// <typeparam name="T">What the call gives.</typeparam>
    /// <returns>What the call gives.</returns>
    public static T Show<T>(string title, Func<IProgress<SamplingProgress>, T> work) => Show(AnsiConsole.Console, title, work);

    internal static T Show<T>(IAnsiConsole console, string title, Func<IProgress<SamplingProgress>, T> work)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(work);
        return console.Profile.Capabilities.Interactive ? WithBar(console, title, work) : work(new Lines(console, title));
    }

    private static T WithBar<T>(IAnsiConsole console, string title, Func<IProgress<SamplingProgress>, T> work) => console.Progress()
        .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
        .Start(screen => work(new Bar(title, screen.AddTask(title.EscapeMarkup(), maxValue: 1))));

    // Reports come in order, on the thread that samples; Progress<T> would post them to a thread pool.
    private sealed class Bar(string title, ProgressTask task) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value)
        {
            task.Value = value.Fraction;
            task.Description = (title + ": " + value).EscapeMarkup();
        }
    }

    private sealed class Lines(IAnsiConsole console, string title) : IProgress<SamplingProgress>
    {
        private readonly Stopwatch watch = Stopwatch.StartNew();

        public void Report(SamplingProgress value)
        {
            if (watch.Elapsed < LineEvery)
                return;

            watch.Restart();
            console.WriteLine(title + ": " + value);
        }
    }
}
