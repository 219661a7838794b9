#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package Spectre.Console
#:package System.CommandLine

// Watches digits appear: a strip of what the network takes the clean picture to be, step by step. From the repository's root:
//
//     dotnet run examples/stream_previews.cs                          out/stream/previews.png: 6 digits, 12 of 40 steps
//     dotnet run examples/stream_previews.cs -- --steps 10 --count 3  fewer
//
// Ctrl+C stops within a block of the network, and keeps what was seen until then.
using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Sampling;
using Spectre.Console;
using static Diffusion.Dsl.Schedulers;

var folder = new Option<string>("--out") { Description = "Folder of the picture", DefaultValueFactory = _ => "out/stream" };
var steps = new Option<int>("--steps") { Description = "Steps of the sampler", DefaultValueFactory = _ => 40 };
var count = new Option<int>("--count") { Description = "Digits", DefaultValueFactory = _ => 6 };
var seed = new Option<long>("--seed") { Description = "Seed of the first digit", DefaultValueFactory = _ => 42 };
var command = new RootCommand("Watches models/digits at work.") { folder, steps, count, seed };
command.SetAction(async (options, stop) =>
{
    var seen = new List<StreamedStep>();
    var file = Path.Combine(options.GetValue(folder)!, "previews.png");
    try
    {
        var pipeline = Pipeline.From(Pretrained.From("models/digits").Unet).Scheduler(Ddim(options.GetValue(steps)));
        using var run = pipeline.Compile().Load();
        await AnsiConsole.Progress().Columns(new SpinnerColumn(), new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn()).StartAsync(async screen =>
        {
            var task = screen.AddTask("the first step", maxValue: options.GetValue(steps));
            await foreach (var step in run.Stream(options.GetValue(count), options.GetValue(seed), stop))
            {
                seen.Add(step);
                task.Value = step.Index + 1;
                task.Description = step.ToString().EscapeMarkup(); // step 3 of 40, t = 925, 2 s left
            }
        });
    }
    catch (Exception e) when (e is DiffusionException or OperationCanceledException)
    {
        Console.Error.WriteLine(e is DiffusionException ? e.Message : $"Stopped behind step {seen.Count}.");
    }

    if (seen.Count == 0)
        return 1;

    // A row for each digit, twelve of the steps from left to right, the last among them. Steps stay valid behind the stream: pictures are made here, of those steps alone.
    const int columns = 12;
    var shown = seen.Where(step => (step.Index * columns / step.Count) != ((step.Index + 1) * columns / step.Count) || step.Count <= columns).Select(step => step.Preview()).ToArray();
    var grid = Image.Grid(Enumerable.Range(0, shown[0].Count).SelectMany(digit => shown.Select(pictures => pictures[digit])), shown.Length, padding: 2, background: 64);
    Directory.CreateDirectory(options.GetValue(folder)!);
    grid.Enlarge(2).Save(file);
    AnsiConsole.MarkupLineInterpolated($"Wrote [green]{file}[/]: {shown.Length} of {seen.Count} steps in {seen[^1].Elapsed.TotalSeconds:F1} s.");
    return 0;
});
return await command.Parse(args).InvokeAsync();
