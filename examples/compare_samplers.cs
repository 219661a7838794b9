#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package Spectre.Console
#:package System.CommandLine

// One network, many samplers: a table and pictures. From the repository's root:
//
//     dotnet run -c Release examples/compare_samplers.cs                       128 digits of each, into out/course
//     dotnet run -c Release examples/compare_samplers.cs -- --count 64         fewer digits
//     dotnet run -c Release examples/compare_samplers.cs -- --seed 10000       other digits: how far chance moves the figures
//     dotnet run -c Release examples/compare_samplers.cs -- --quick            a minute, to see that everything works
//
// Judged twice: how many digits the classifier reads with a confidence above 0.9, and how far their features are from those of as many fresh digits.
using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Dsl.Steps;
using Diffusion.Runtime;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Data.Digits;
using Diffusion.Runtime.Metrics;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Plotting;
using Diffusion.Runtime.Sampling;
using Spectre.Console;
using TorchSharp;
using static Diffusion.Dsl.Schedulers;

var folder = new Option<string>("--out") { Description = "Folder of the pictures", DefaultValueFactory = _ => "out/course" };
var count = new Option<int>("--count") { Description = "Digits of each sampler, at least 16", DefaultValueFactory = _ => 128 };
var seed = new Option<long>("--seed") { Description = "Seed of the first digit", DefaultValueFactory = _ => 0 };
var quick = new Option<bool>("--quick") { Description = "16 digits, 5 and 10 steps" };
var command = new RootCommand("Compares samplers on models/digits.") { folder, count, seed, quick };
command.SetAction((options, stop) => Task.Run(() =>
{
    try
    {
        new Comparison(options.GetValue(folder)!, options.GetValue(quick) ? 16 : options.GetValue(count), options.GetValue(seed), options.GetValue(quick), stop).Write();
        return 0;
    }
    catch (Exception e) when (e is DiffusionException or OperationCanceledException)
    {
        Console.Error.WriteLine(e is DiffusionException ? e.Message : "Stopped.");
        return 1;
    }
}));
return await command.Parse(args).InvokeAsync();

internal sealed record Point(int Steps, int Evaluations, double Sure, double Distance);

internal sealed class Comparison(string folder, int count, long seed, bool quick, CancellationToken stop)
{
    private const double Sure = 0.9;
    private const double Variety = 0.5; // of the digits that models/digits was trained on last
    private const int Shown = 16;

    // Heun asks the network twice a step: with half of the steps it costs as much as the others.
    private static readonly (string Name, Func<int, Scheduler> Create, int[] Steps)[] Samplers =
    [
        ("Ddpm", steps => Ddpm(steps), [5, 10, 20, 40]),
        ("Ddim", steps => Ddim(steps), [5, 10, 20, 40]),
        ("Euler", steps => Euler(steps), [5, 10, 20, 40]),
        ("EulerAncestral", steps => EulerAncestral(steps), [5, 10, 20, 40]),
        ("Heun", steps => Heun(steps), [3, 5, 10, 20]),
        ("DpmSolver", steps => DpmSolver(steps), [5, 10, 20, 40]),
        ("DpmSolver, Karras", steps => DpmSolver(steps).WithSigmas(SigmaSchedule.Karras()), [5, 10, 20, 40]),
        ("UniPC", steps => UniPC(steps), [5, 10, 20, 40]),
        ("Pndm (PLMS)", steps => Pndm(steps, skipPrkSteps: true), [5, 10, 20, 40]),
        ("Ddim, not clipped", steps => Ddim(steps, clamp: Clamp.None), [40]), // for the table alone
    ];

    public void Write()
    {
        using var classifier = DigitClassifier.Load("models/digits/classifier.safetensors");
        var (one, other) = (Judge(classifier, Fresh(1000)), Judge(classifier, Fresh(2000)));
        Console.WriteLine(FormattableString.Invariant($"{count} fresh digits: {100 * one.Sure:F1} % sure; distance of two such sets {FrechetDistance.Between(one.Features, other.Features):F2}"));

        var runs = Samplers.SelectMany(sampler => sampler.Steps.Take(quick ? 2 : 4).Select(steps => (sampler.Name, Steps: steps, Compiled: Compile(sampler.Create(steps))))).ToArray();
        var results = new Dictionary<string, List<Point>>();
        var rows = new List<Image>();
        AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).Start(screen =>
        {
            var task = screen.AddTask("sampling", maxValue: runs.Sum(run => Evaluations(run.Compiled)));
            foreach (var (name, steps, compiled) in runs)
            {
                task.Description = compiled.Definition.Sampler!.ToString()!;
                var evaluations = Evaluations(compiled);
                var before = task.Value;
                using var run = compiled.Load();
                var images = run.Generate(count, seed, batch: 32, progress: new Report(step => task.Value = before + ((double)evaluations * step.Step / step.Steps)), cancellation: stop);
                var (sure, features) = Judge(classifier, images);
                if (!results.TryGetValue(name, out var points))
                    results[name] = points = [];
                points.Add(new Point(steps, evaluations, sure, FrechetDistance.Between(features, one.Features)));

                // The second number of steps is about ten evaluations for all.
                if (points.Count == 2)
                    rows.AddRange(images.Take(Shown));
            }
        });

        var table = new Table().MarkdownBorder().AddColumn("sampler").AddColumn("steps").AddColumn("evaluations").AddColumn("sure").AddColumn("distance");
        foreach (var (name, points) in results)
        {
            foreach (var point in points)
                table.AddRow(name, Text(point.Steps), Text(point.Evaluations), FormattableString.Invariant($"{100 * point.Sure:F1} %"), FormattableString.Invariant($"{point.Distance:F2}"));
        }

        AnsiConsole.Write(table);
        Image.Grid(rows, Shown, padding: 1, background: 64).Enlarge(2).Save(folder + "/samplers-grid.png");
        LinePlot.Save(
            folder + "/samplers-compared.png",
            Plot("Read with a confidence above 0.9", "share of the digits, %", point => 100 * point.Sure, results),
            Plot("Fréchet distance to fresh digits", "d² of 64 features", point => point.Distance, results).WithLogUpwards());
        var drawn = Image.Load(folder + "/samplers-compared.png");
        drawn.Resize(drawn.Width / 2, drawn.Height / 2).Save(folder + "/samplers-compared.png"); // plots are drawn for sharp screens
    }

    private static CompiledPipeline Compile(Scheduler sampler) => Pipeline.From(Pretrained.From("models/digits").Unet).Scheduler(sampler).Compile();

    private static int Evaluations(CompiledPipeline compiled) => compiled.Plan.Steps.Sum(step => step.Ops.OfType<EvaluateOp>().Count());

    private static LinePlot Plot(string title, string upwards, Func<Point, double> value, Dictionary<string, List<Point>> results) => results.Where(result => result.Value.Count > 1).Aggregate(
        new LinePlot(title, "evaluations of the network for each digit", upwards).WithLogAcross(),
        (plot, result) => plot.Line(result.Key, result.Value.Select(point => (double)point.Evaluations), result.Value.Select(value), PlotStyle.Marked));

    private static (double Sure, FeatureStatistics Features) Judge(DigitClassifier classifier, IEnumerable<Image> images)
    {
        using var batch = Image.ToBatch(images);
        using var features = classifier.Features(batch);
        var verdicts = classifier.Classify(batch);
        return ((double)verdicts.Count(verdict => verdict.Confidence > Sure) / verdicts.Count, FeatureStatistics.Of(features));
    }

    private IEnumerable<Image> Fresh(long set) => Enumerable.Range(0, count).Select(i => new ProceduralDigits(set, Variety).Sample(i).Image);

    private static string Text(int number) => FormattableString.Invariant($"{number}");
}

// Reports in order, on the thread that samples.
internal sealed class Report(Action<SamplingProgress> report) : IProgress<SamplingProgress>
{
    void IProgress<SamplingProgress>.Report(SamplingProgress value) => report(value);
}
