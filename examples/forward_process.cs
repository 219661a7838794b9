#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package Spectre.Console
#:package System.CommandLine

// The pictures and figures of docs/course/forward-process.md. From the repository's root:
//
//     dotnet run -c Release examples/forward_process.cs                                  pictures into out/course, half a minute
//     dotnet run -c Release examples/forward_process.cs -- --out docs/images/course      draws the page's pictures again
//     dotnet run -c Release examples/forward_process.cs -- --tables out/course           also the schedules as CSV files
//     dotnet run -c Release examples/forward_process.cs -- --quick                       32 digits in place of 256
using System;
using System.CommandLine;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Data.Digits;
using Diffusion.Runtime.Plotting;
using Diffusion.Runtime.Training;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

var folder = new Option<string>("--out") { Description = "Folder of the pictures", DefaultValueFactory = _ => "out/course" };
var tables = new Option<string?>("--tables") { Description = "Folder of the schedules as CSV files" };
var quick = new Option<bool>("--quick") { Description = "32 digits in place of 256" };
var command = new RootCommand("Shows the forward process, walked and jumped.") { folder, tables, quick };
command.SetAction((options, stop) => Task.Run(() =>
{
    try
    {
        var page = new ForwardPage(options.GetValue(folder)!, options.GetValue(quick) ? 32 : 256, stop);
        page.Strips();
        page.Correlations();
        page.Equivalences();
        page.Schedules(options.GetValue(tables));
        return 0;
    }
    catch (Exception e) when (e is DiffusionException or OperationCanceledException)
    {
        Console.Error.WriteLine(e is DiffusionException ? e.Message : "Stopped.");
        return 1;
    }
}));
return await command.Parse(args).InvokeAsync();

internal sealed class ForwardPage(string folder, int digits, CancellationToken stop)
{
    private const int Part = 16;
    private const int Last = 999;
    private static readonly NoiseSchedule Linear = NoiseSchedule.Linear;
    private static readonly int[] Earlier = [899, 799, 699, 599, 499, 399, 299, 199, 99];

    private static readonly (string Name, NoiseSchedule Noise)[] All =
    [
        ("linear", Linear),
        ("too little noise", Linear.WithBetaStart(0.001).WithBetaEnd(0.004)),
        ("cosine", NoiseSchedule.Cosine),
        ("scaled_linear", NoiseSchedule.StableDiffusion),
    ];

    // Ten states of one digit: of one path, and drawn one by one as in the course.
    public void Strips()
    {
        using var scope = NewDisposeScope();
        var digit = new ProceduralDigits(4).Batch(1, start: 2).Images[0];
        Forward.Trajectory(Linear, digit, seed: 0).Strip().Enlarge(3).Save(folder + "/forward-path.png");
        Forward.Marginals(Linear, digit, seed: 0).Strip().Enlarge(3).Save(folder + "/forward-draws.png");
    }

    // How much the noise in x_s tells of the noise in x_999, over all pixels of many digits.
    public void Correlations()
    {
        var curve = Linear.Curve();
        var (walked, drawn) = (new Products(Earlier.Length), new Products(Earlier.Length));
        AnsiConsole.Progress().Start(screen =>
        {
            var task = screen.AddTask(FormattableString.Invariant($"{digits} digits, 1000 steps each"), maxValue: digits);
            for (var first = 0; first < digits; first += Part)
            {
                stop.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var clean = new ProceduralDigits(0).Batch(Part, first).Images;
                walked.Add(Forward.Trajectory(Linear, clean, first, [Last, .. Earlier]), clean);
                drawn.Add(Forward.Marginals(Linear, clean, first, [Last, .. Earlier]), clean);
                task.Increment(Part);
            }
        });

        var table = new Table().AddColumn("s").AddColumn("computed").AddColumn("one path").AddColumn("separate draws").AddColumn("three deviations");
        for (var i = 0; i < Earlier.Length; i++)
        {
            var exact = Forward.Correlation(curve, Earlier[i], Last);
            table.AddRow(Text(Earlier[i]), Text(exact), Text(walked[i]), Text(drawn[i]), "± " + Text(3 * (1 - (exact * exact)) / Math.Sqrt(walked.Count)));
        }

        Console.WriteLine(FormattableString.Invariant($"Correlation of the noise in x_s and x_{Last} over {walked.Count} pixels, {Linear}:"));
        AnsiConsole.Write(table);

        int[] every = [.. Enumerable.Range(0, 100).Select(i => (10 * i) + 9)];
        double[] at = [.. Earlier.Select(s => (double)s)];
        new LinePlot($"Noise of x_s and of x_{Last}", "s", "correlation")
            .Line("computed: √(ᾱ_t/ᾱ_s) · √((1−ᾱ_s)/(1−ᾱ_t))", every.Select(s => (double)s), every.Select(s => Forward.Correlation(curve, s, Last)))
            .Line("one path, measured", at, Earlier.Select((_, i) => walked[i]), PlotStyle.Points)
            .Line("separate draws, measured", at, Earlier.Select((_, i) => drawn[i]), PlotStyle.Points)
            .Save(folder + "/forward-correlation.png");
    }

    // Is walking step by step the same as jumping at once?
    public void Equivalences()
    {
        foreach (var (name, noise) in All)
        {
            stop.ThrowIfCancellationRequested();
            Console.WriteLine($"{name}: {Forward.Equivalence(noise)}");
        }
    }

    public void Schedules(string? tables)
    {
        // Plots are drawn for sharp screens; a page is content with fewer pixels.
        var plot = folder + "/forward-schedules.png";
        Linear.Plot(plot, [.. All.Skip(1).Select(one => one.Noise)]);
        var drawn = Image.Load(plot);
        drawn.Resize(drawn.Width / 2, drawn.Height / 2).Save(plot);

        var table = new Table().AddColumn("t");
        foreach (var (name, noise) in All)
        {
            table.AddColumn("√ᾱ " + name).AddColumn("√(1−ᾱ) " + name);
            if (tables is not null)
                noise.WriteCsv($"{tables}/forward-{name.Replace(' ', '-')}.csv");
        }

        foreach (var t in new[] { 0, 258, 259, 500, 999 })
            table.AddRow([Text(t), .. All.SelectMany(one => new[] { Math.Sqrt(one.Noise.Curve().AlphaBar(t)), Math.Sqrt(1 - one.Noise.Curve().AlphaBar(t)) }).Select(Text)]);
        AnsiConsole.Write(table);
    }

    private static string Text(int number) => FormattableString.Invariant($"{number}");

    private static string Text(double number) => FormattableString.Invariant($"{number:0.0000}");

    // Sums over pixels of the noise of the first state times that of each other, and of their squares.
    private sealed class Products(int others)
    {
        private readonly double[] mixed = new double[others];
        private readonly double[] squares = new double[others];
        private double first;

        public long Count { get; private set; }

        public double this[int other] => mixed[other] / Math.Sqrt(first * squares[other]);

        public void Add(ForwardStates states, Tensor clean)
        {
            var noise = states.Signals.Select((signal, i) => states.States[i] - (signal * clean)).ToArray();
            first += noise[0].square().sum().item<float>();
            for (var i = 0; i < others; i++)
            {
                mixed[i] += (noise[0] * noise[i + 1]).sum().item<float>();
                squares[i] += noise[i + 1].square().sum().item<float>();
            }

            Count += clean.numel();
        }
    }
}
