#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package Spectre.Console
#:package System.CommandLine

// Teaches the digits of models/digits another style: outlines. From the repository's root:
//
//     dotnet run -c Release examples/fine_tuning.cs              320 steps; goes on where it was stopped
//     dotnet run -c Release examples/fine_tuning.cs -- --quick   a minute, to see that everything works
//
// Writes out/outlines/: the training, samples/ on the way, model/, and before-and-after.png: the same seeds, before, on the way and behind.
using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Data.Digits;
using Diffusion.Runtime.Training;
using static Diffusion.Dsl.Schedulers;

var steps = new Option<int>("--steps") { Description = "Optimiser steps", DefaultValueFactory = _ => 320 };
var rate = new Option<double>("--rate") { Description = "Learning rate", DefaultValueFactory = _ => 3e-4 };
var quick = new Option<bool>("--quick") { Description = "16 steps, in a folder of their own" };
var command = new RootCommand("Fine-tunes a trained pipeline.") { steps, rate, quick };
command.SetAction(options =>
{
    var isQuick = options.GetValue(quick);
    var folder = isQuick ? "out/outlines-quick" : "out/outlines";
    if (isQuick && Directory.Exists(folder))
        Directory.Delete(folder, recursive: true);
    var length = isQuick ? 16 : options.GetValue(steps);
    var pipeline = Pipeline.From(Pretrained.From("models/digits").Unet).Scheduler(Ddim(isQuick ? 5 : 40));
    var training = Train.FineTune(pipeline, new Outlines(1_000_000), options.GetValue(rate), batch: 16).Steps(length).Ema(0.98);
    try
    {
        var run = new TrainerOptions(folder) { Resume = true, SaveEvery = length / 4, SampleEvery = length / 4, SampleCount = 16, SampleScheduler = Ddim(isQuick ? 5 : 40) };
        if (training.RunOnConsole(run) is not { } result)
            return 130;

        var rows = new List<Image>();
        foreach (var (name, model) in new[] { ("before", "models/digits"), ("behind", result.ModelFolder) })
        {
            using var loaded = Pipeline.From(Pretrained.From(model).Unet).Scheduler(Ddim(isQuick ? 5 : 40)).Compile().Load();
            rows.AddRange(loaded.Generate(count: 10, seed: 0));
        }

        rows.AddRange(Enumerable.Range(0, 10).Select(i => new Outlines(10).Read(i).Image));
        Image.Grid(rows, columns: 10, padding: 2, background: 32).Enlarge(3).Save(Path.Combine(folder, "before-and-after.png"));
        Console.WriteLine($"{folder}: before-and-after.png (digits before and behind, and pictures learnt from), samples/, loss.png, model/");
        return 0;
    }
    catch (DiffusionException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
});
return command.Parse(args).Invoke();

// Digits of which only the border is left: each pixel is how much brighter the brightest of its neighbours is.
internal sealed class Outlines(int count) : IImageData
{
    private readonly ProceduralDigits digits = new(5, Variety: 0.5);

    public string Name => "outlined digits of seed 5";

    public int Count => count;

    public IReadOnlyList<string> Classes => [];

    public ImageSample Read(int index)
    {
        var image = digits.Sample(index).Image;
        var (from, width, height) = (image.Pixels.ToArray(), image.Width, image.Height);
        var outline = new byte[from.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var brightest = 0;
                for (var dy = -1; dy <= 1; dy++)
                {
                    for (var dx = -1; dx <= 1; dx++)
                    {
                        if (x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height)
                            brightest = Math.Max(brightest, from[((y + dy) * width) + x + dx]);
                    }
                }

                outline[(y * width) + x] = (byte)(brightest - from[(y * width) + x]);
            }
        }

        return new ImageSample(new Image(width, height, 1, outline), Name + " #" + index);
    }
}
