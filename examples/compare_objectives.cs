#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package Spectre.Console
#:package System.CommandLine

// Trains the same small UNet on the same digits, with the same noise, to predict noise, clean pictures and velocities; then compares what each has
// learnt: the error of x̂0 at every noise level, and the digits that it draws. From the repository's root:
//
//     dotnet run -c Release examples/compare_objectives.cs              800 steps each; goes on where it was stopped
//     dotnet run -c Release examples/compare_objectives.cs -- --quick   a minute, to see that everything works
//
// Writes out/objectives/: a folder for each training, losses.png, errors.png, and a grid of digits for each.
using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Data.Digits;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Plotting;
using Diffusion.Runtime.Training;
using Spectre.Console;
using static Diffusion.Dsl.LearningRates;
using static Diffusion.Dsl.Objectives;
using static Diffusion.Dsl.Optimizers;
using static Diffusion.Dsl.Schedulers;
using static TorchSharp.torch;

var steps = new Option<int>("--steps") { Description = "Optimiser steps of each training", DefaultValueFactory = _ => 800 };
var batch = new Option<int>("--batch") { Description = "Images in a step", DefaultValueFactory = _ => 16 };
var count = new Option<int>("--count") { Description = "Digits to draw and to judge with each", DefaultValueFactory = _ => 64 };
var quick = new Option<bool>("--quick") { Description = "8 steps each, in a folder of their own" };
var command = new RootCommand("Compares training objectives.") { steps, batch, count, quick };
command.SetAction(options =>
{
    var isQuick = options.GetValue(quick);
    var root = isQuick ? "out/objectives-quick" : "out/objectives";
    if (isQuick && Directory.Exists(root))
        Directory.Delete(root, recursive: true);
    try
    {
        return new Comparison(root, isQuick ? 8 : options.GetValue(steps), options.GetValue(batch), isQuick ? 8 : options.GetValue(count), isQuick ? 5 : 40).Run();
    }
    catch (DiffusionException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
});
return command.Parse(args).Invoke();

internal sealed class Comparison(string root, int steps, int batch, int count, int samplingSteps)
{
    private static readonly (string Name, Objective Objective)[] Objectives =
    [
        ("epsilon", Epsilon),
        ("sample", Sample),
        ("velocity", Velocity),
    ];

    private static readonly int[] Timesteps = [0, 10, 25, 50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 550, 600, 650, 700, 750, 800, 850, 900, 950, 999];

    public int Run()
    {
        var errors = new LinePlot("How far x̂0 is from x0", "training timestep t", "root mean square error of x̂0");
        var table = new Table().AddColumns("objective", "error of x̂0 at t = 50", "at 500", "at 950", "digits read with confidence > 0.9");
        foreach (var (name, objective) in Objectives)
        {
            var folder = Path.Combine(root, name);
            var training = Train.Ddpm(UNet2DConfig.Course)
                .On(new DigitData(new ProceduralDigits(0, Variety: 0.5), 1_000_000))
                .Objective(objective)
                .Optimizer(AdamW(1e-3))
                .Schedule(Cosine(warmup: steps / 10))
                .Batch(batch)
                .Ema(0.995)
                .Steps(steps)
                .Seed(0);
            if (training.RunOnConsole(new TrainerOptions(folder) { Resume = true, SaveEvery = 200 }) is not { } result)
                return 130;

            var rms = Errors(result.ModelFolder, objective.Prediction);
            errors = errors.Line(name, Timesteps.Select(t => (double)t), rms);
            table.AddRow(name, Figure(At(50)), Figure(At(500)), Figure(At(950)), FormattableString.Invariant($"{Draw(result.ModelFolder, name)} of {count}"));

            double At(int timestep) => rms[Array.IndexOf(Timesteps, timestep)];
        }

        errors.Save(Path.Combine(root, "errors.png"));
        var losses = new LinePlot("Each objective's own loss (not comparable)", "step", "loss, mean of 20") { LogUpwards = true };
        foreach (var (name, _) in Objectives)
        {
            var parts = MetricsLog.Read(Path.Combine(root, name)).Chunk(20).ToArray();
            losses = losses.Line(name, parts.Select(part => (double)part[^1].Step), parts.Select(part => part.Average(metric => metric.Loss)));
        }

        losses.Save(Path.Combine(root, "losses.png"));
        AnsiConsole.Write(table);
        Console.WriteLine($"{root}: errors.png, losses.png and a grid for each objective");
        return 0;
    }

    private static string Figure(double value) => FormattableString.Invariant($"{value:F3}");

    // What every prediction means for x0: x̂0 = p x + q m, clamped to the range of pictures as samplers clamp it.
    private double[] Errors(string model, PredictionType prediction)
    {
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        using var unet = UNet2DModel.FromPretrained(model);
        using var random = new Generator(1);
        var curve = NoiseSchedule.Linear.Curve();
        var clean = new ProceduralDigits(1, Variety: 0.5).Batch(count, 0).Images;
        return [.. Timesteps.Select(t =>
        {
            using var inner = NewDisposeScope();
            var at = tensor(t, ScalarType.Int64);
            var noisy = ForwardProcess.AddNoise(curve, clean, randn(clean.shape, generator: random), at);
            var conversion = PredictionConversion.Of(prediction, PredictionType.Sample, NoiseLevel.OfAlphaBar(curve.AlphaBar(t)));
            var predicted = ((noisy * conversion.OfSample) + (unet.call(noisy, at, null) * conversion.OfPrediction)).clamp(-1, 1);
            return Math.Sqrt((predicted - clean).square().mean().item<float>());
        })];
    }

    private int Draw(string model, string name)
    {
        using var run = Pipeline.From(Pretrained.From(model).Unet).Scheduler(Ddim(samplingSteps)).Compile().Load();
        var images = run.Generate(count, seed: 0, batch: 32);
        Image.Grid(images.Take(32), columns: 8, padding: 2, background: 32).Enlarge(3).Save(Path.Combine(root, name + ".png"));
        using var judge = DigitClassifier.Load("models/digits/classifier.safetensors");
        using var pictures = Image.ToBatch(images);
        return judge.Classify(pictures).Count(verdict => verdict.Confidence > 0.9);
    }
}
