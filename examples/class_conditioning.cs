#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package Spectre.Console
#:package System.CommandLine

// Trains the diffusion course's class-conditioned UNet on procedural digits, with one label in ten hidden; then asks for digits with classifier-free
// guidance of several scales, and counts how many are the digit that was asked for. From the repository's root:
//
//     dotnet run -c Release examples/class_conditioning.cs              trains 2400 steps; goes on where it was stopped
//     dotnet run -c Release examples/class_conditioning.cs -- --steps 400 --out out/classes-400      an earlier stage, where guidance has more to do
//     dotnet run -c Release examples/class_conditioning.cs -- --quick   a minute, to see that everything works
//
// Writes out/classes/: the training, model/, digits.png (a row for each class), guidance.png (a row for each scale).
using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Data.Digits;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Plotting;
using Diffusion.Runtime.Training;
using Spectre.Console;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.LearningRates;
using static Diffusion.Dsl.Objectives;
using static Diffusion.Dsl.Optimizers;
using static Diffusion.Dsl.Schedulers;
using static TorchSharp.torch;

var steps = new Option<int>("--steps") { Description = "Optimiser steps", DefaultValueFactory = _ => 2400 };
var batch = new Option<int>("--batch") { Description = "Images in a step", DefaultValueFactory = _ => 16 };
var count = new Option<int>("--count") { Description = "Digits to judge at each scale, a multiple of 10", DefaultValueFactory = _ => 100 };
var into = new Option<string>("--out") { Description = "Folder of the run", DefaultValueFactory = _ => "out/classes" };
var quick = new Option<bool>("--quick") { Description = "20 steps, in a folder of their own" };
var command = new RootCommand("Trains and guides a class-conditioned network.") { steps, batch, count, into, quick };
command.SetAction(options =>
{
    var isQuick = options.GetValue(quick);
    var folder = isQuick ? "out/classes-quick" : options.GetValue(into)!;
    if (isQuick && Directory.Exists(folder))
        Directory.Delete(folder, recursive: true);
    var length = isQuick ? 20 : options.GetValue(steps);
    var training = Train.Ddpm(ClassConditionedUNetConfig.Course.WithNullClass())
        .On(new DigitData(new ProceduralDigits(0, Variety: 0.5), 1_000_000))
        .Objective(Velocity)
        .DropLabels(0.1)
        .Optimizer(AdamW(1e-3))
        .Schedule(Cosine(warmup: length / 10))
        .Batch(options.GetValue(batch))
        .Ema(0.995)
        .Steps(length)
        .Seed(0);
    try
    {
        if (training.RunOnConsole(new TrainerOptions(folder) { Resume = true, SaveEvery = 250 }) is not { } result)
            return 130;

        Judging.Run(result.ModelFolder, folder, isQuick ? 10 : options.GetValue(count), isQuick ? 4 : 20);
        return 0;
    }
    catch (DiffusionException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
});
return command.Parse(args).Invoke();

internal static class Judging
{
    private static readonly double[] Scales = [0, 1, 1.5, 2, 3, 5];

    public static void Run(string model, string folder, int count, int samplingSteps)
    {
        using var judge = DigitClassifier.Load("models/digits/classifier.safetensors");
        var labels = Enumerable.Range(0, count).Select(i => i % 10).ToArray();
        var table = new Table().AddColumns("guidance scale w", "the digit asked for", "and with confidence > 0.9", "spread within a class");
        var rows = new List<Image>();
        var (right, spread) = (new List<double>(), new List<double>());
        foreach (var scale in Scales)
        {
            // Without clip_sample: a guided x̂_0 leaves [-1, 1], and what is clipped there is missing in the noise (docs/pitfalls.md).
            using var run = Pipeline.From(Pretrained.From(model).Unet).Scheduler(Ddim(samplingSteps, clamp: Clamp.None)).Guidance(Cfg(scale)).Compile().Load();
            var images = run.Generate(labels, seed: 0, batch: 50);
            using var pictures = Image.ToBatch(images);
            var verdicts = judge.Classify(pictures);
            var asked = verdicts.Select((verdict, i) => verdict.Digit == labels[i]).ToArray();
            right.Add(100.0 * asked.Count(yes => yes) / count);
            spread.Add(Spread(pictures, labels));
            table.AddRow(Text(scale), Percent(right[^1]), Percent(100.0 * asked.Where((yes, i) => yes && verdicts[i].Confidence > 0.9).Count() / count), Text(Math.Round(spread[^1], 3)));
            rows.AddRange(images.Take(10));
            Console.WriteLine(FormattableString.Invariant($"w = {scale}: {right[^1]:F0} % are the digit asked for"));
            if (scale == 2)
                Image.Grid(images.Take(80).Select((image, i) => (image, label: labels[i])).OrderBy(pair => pair.label).Select(pair => pair.image), columns: Math.Min(8, count / 10), padding: 2, background: 32).Enlarge(3).Save(Path.Combine(folder, "digits.png"));
        }

        Image.Grid(rows, columns: 10, padding: 2, background: 32).Enlarge(3).Save(Path.Combine(folder, "guidance.png"));
        LinePlot.Save(
            Path.Combine(folder, "scales.png"),
            new LinePlot("The digit that was asked for", "guidance scale w", "share in %").Line("read by the classifier", Scales, right),
            new LinePlot("Variety within a class", "guidance scale w", "standard deviation of a pixel").Line("mean over classes and pixels", Scales, spread));
        AnsiConsole.Write(table);
        Console.WriteLine($"{folder}: digits.png (w = 2, a row for each class), guidance.png (a row for each scale), scales.png");
    }

    // How much the pictures of one class differ: the standard deviation of each pixel within the class, averaged.
    private static double Spread(Tensor pictures, int[] labels)
    {
        using var scope = NewDisposeScope();
        var all = tensor(labels);
        return Enumerable.Range(0, 10).Average(digit => pictures[all == digit].std(0, unbiased: false).mean().item<float>());
    }

    private static string Text(double value) => FormattableString.Invariant($"{value}");

    private static string Percent(double value) => FormattableString.Invariant($"{value:F0} %");
}
