#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package Spectre.Console

// Kills a training several times, at moments of no one's choice, and lets it go on each time; then compares what it has become with the training that
// was never killed: byte for byte. From the repository's root:
//
//     dotnet run -c Release examples/resume_after_kill.cs              60 steps, killed five times
//     dotnet run -c Release examples/resume_after_kill.cs -- --quick   20 steps, killed twice
//
// Both runs are processes of their own, and killed as the system kills what uses too much memory: no signal that could be caught.
using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Diffusion.Dsl;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Data.Digits;
using Diffusion.Runtime.Training;
using Spectre.Console;
using static Diffusion.Dsl.LearningRates;
using static Diffusion.Dsl.Optimizers;

if (args is ["--child", var run, var length])
{
    // The schedule says constant, so that a run may be lengthened; everything else is part of the checkpoint's identity.
    var training = Train.Ddpm(UNet2DConfig.Course)
        .On(new DigitData(new ProceduralDigits(0), 10_000))
        .Optimizer(AdamW(1e-3))
        .Schedule(Constant())
        .Batch(4)
        .Ema(0.99)
        .Steps(int.Parse(length, CultureInfo.InvariantCulture));
    training.Run(new TrainerOptions(run) { Resume = true, SaveEvery = 5 }, new Told());
    return 0;
}

var isQuick = args.Contains("--quick");
var (steps, kills) = isQuick ? (20, 2) : (60, 5);
var root = isQuick ? "out/resume-quick" : "out/resume";
if (Directory.Exists(root))
    Directory.Delete(root, recursive: true);

var moments = new Random(1);
var table = new Table().AddColumns("run", "killed behind step", "its checkpoint has step");
for (var kill = 1; kill <= kills; kill++)
{
    // Behind a step that is drawn, and some milliseconds more: perhaps in the middle of writing.
    var last = Start("killed", steps, killBehind: (kill * steps / (kills + 1)) + moments.Next(-2, 3), moments.Next(0, 40));
    table.AddRow($"{kill}", $"{last}", $"{TrainingCheckpoint.Steps(Path.Combine(root, "killed", "checkpoint.safetensors")) ?? 0}");
}

Start("killed", steps);
Start("whole", steps);
AnsiConsole.Write(table);
var (killed, whole) = (Hash("killed"), Hash("whole"));
Console.WriteLine($"killed {kills} times: {killed}\nnever killed:   {whole}");
Console.WriteLine(killed == whole ? "The same bytes: weights, moments, average and generator." : "They differ!");
return killed == whole ? 0 : 1;

// Runs the training in a process of its own; gives the last step that it told.
int Start(string name, int until, int killBehind = int.MaxValue, int milliseconds = 0)
{
    var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
    foreach (var argument in Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? [Environment.GetCommandLineArgs()[0], "--child"] : new[] { "--child" })
        start.ArgumentList.Add(argument);
    start.ArgumentList.Add(Path.Combine(root, name));
    start.ArgumentList.Add($"{until}");
    using var process = Process.Start(start)!;
    var step = 0;
    while (process.StandardOutput.ReadLine() is { } line)
    {
        step = int.Parse(line, CultureInfo.InvariantCulture);
        if (step >= killBehind)
        {
            System.Threading.Thread.Sleep(milliseconds);
            process.Kill();
            break;
        }
    }

    process.WaitForExit();
    return step;
}

string Hash(string name) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(root, name, "checkpoint.safetensors"))));

internal sealed class Told : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        Console.WriteLine(value.Step);
        Console.Out.Flush();
    }
}
