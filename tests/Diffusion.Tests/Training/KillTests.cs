using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Diffusion.Runtime.Training;

namespace Diffusion.Tests.Training;

/// <summary>A training that saves behind every step is killed at moments of no one's choice: what it leaves is always whole.</summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 5;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("diffusion-kill-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task AKilledTrainingGoesOnFromItsNewestGoodCheckpoint()
    {
        var run = Path.Combine(folder.FullName, "killed");
        var path = Path.Combine(run, "checkpoint.safetensors");
        var moments = new Random(3);
        var seen = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var shown = await StartAndKill(run, TimeSpan.FromMilliseconds(moments.Next(5, 60)));
            var saved = TrainingCheckpoint.Steps(path) ?? 0; // killed before the first one was written
            Assert.True(saved >= shown - 1, $"step {shown} was shown, the checkpoint has {saved}");
            Assert.True(saved >= seen, $"the checkpoint went back from {seen} to {saved}");
            seen = saved;
        }

        // From there on it is, byte for byte, the training that was never killed; the same kind of process, for sums depend on the number of threads.
        var whole = Path.Combine(folder.FullName, "whole");
        await Finish(run, seen + 2);
        await Finish(whole, seen + 2);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(whole, "checkpoint.safetensors")), await File.ReadAllBytesAsync(path));
        Assert.Equal(Enumerable.Range(1, seen + 2), MetricsLog.Read(run).Select(metric => metric.Step));
    }

    private static async Task Finish(string run, int steps)
    {
        using var process = Start(run, steps);
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static Process Start(string run, int steps) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, "train", run, steps.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;

    // The number of the last step that the process told before it was killed.
    private static async Task<int> StartAndKill(string run, TimeSpan moment)
    {
        using var process = Start(run, 1_000_000);
        var step = int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        using var deadline = new CancellationTokenSource(moment);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
                step = int.Parse(line, CultureInfo.InvariantCulture);
        }
        catch (OperationCanceledException)
        {
        }

        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        return step;
    }
}
