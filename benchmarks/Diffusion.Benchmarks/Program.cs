using System;
using System.CommandLine;
using System.Linq;
using BenchmarkDotNet.Running;
using Diffusion.Benchmarks.Measuring;
using Diffusion.Benchmarks.Memory;
using Diffusion.Benchmarks.Quality;
using Diffusion.Benchmarks.Ratios;

var name = new Argument<string>("NAME") { Description = "What to compare: " + string.Join(", ", RatioCatalogue.All.Keys) + "." };
name.AcceptOnlyFromAmong([.. RatioCatalogue.All.Keys]);
var rounds = new Option<int>("--rounds") { Description = "How often each variant is timed.", DefaultValueFactory = _ => 0 };
var threads = new Option<int>("--threads") { Description = "Threads of tensor operations; 0: as libtorch chooses.", DefaultValueFactory = _ => 0 };
var cpu = new Option<bool>("--cpu") { Description = "Time by the processor time of this process instead of the wall clock: robust on a busy machine with --threads 1." };
var memory = new Option<bool>("--memory") { Description = "Training: also tell what a step leaves in memory, after a hundred steps." };
var onnx = new Option<string?>("--onnx") { Description = "sd15, course: an exported U-Net in float32 of the same weights for ONNX Runtime; one is written where none is given." };
var ratio = new Command("ratio", "Times variants of one thing taken in turns in one run; prints lines of JSON.") { name, rounds, threads, cpu, memory, onnx };
ratio.SetAction(parsed =>
{
    var options = new RatioOptions(parsed.GetValue(rounds), parsed.GetValue(threads), parsed.GetValue(cpu) ? Clock.Processor : Clock.Wall, parsed.GetValue(memory), parsed.GetValue(onnx));
    foreach (var line in RatioCatalogue.All[parsed.GetRequiredValue(name)](options))
    {
        Console.WriteLine(line);
    }
});

var rest = new Argument<string[]>("ARGUMENTS") { Description = "Passed on to BenchmarkDotNet.", Arity = ArgumentArity.ZeroOrMore };
var bench = new Command("bench", "Runs the BenchmarkDotNet benchmarks.") { rest };
bench.TreatUnmatchedTokensAsErrors = false;
// In this process: a project that BenchmarkDotNet generates would meet this repository's central packages, and would copy libtorch.
bench.SetAction(parsed => BenchmarkSwitcher.FromAssembly(typeof(RatioOptions).Assembly).Run(["--inProcess", .. parsed.GetValue(rest) ?? [], .. parsed.UnmatchedTokens]).Any() ? 0 : 1);

var stage = new Argument<string?>("STAGE") { Description = "One stage alone: " + string.Join(", ", MemoryStage.All.Keys) + ".", Arity = ArgumentArity.ZeroOrOne };
var folder = new Option<string?>("--folder") { Description = "Measures in this process, on the networks of a folder that lies there; for the program itself." };
var peaks = new Command("memory", "Compares estimates of peak memory with measurements on random networks; prints lines of JSON. Linux only.") { stage, folder };
peaks.SetAction(parsed =>
{
    var (name, place) = (parsed.GetValue(stage), parsed.GetValue(folder));
    foreach (var line in place is null ? MemoryReport.Lines(name is null ? [] : [name]) : [MemoryReport.Child(name!, place)])
    {
        Console.WriteLine(line);
    }
});

var subject = new Argument<string>("MODEL") { Description = "shapes." };
subject.AcceptOnlyFromAmong("shapes");
var model = new Option<string>("--model") { Description = "The model's folder.", DefaultValueFactory = _ => "models/shapes" };
var pictures = new Option<string>("--out") { Description = "Where grids and plots are written.", DefaultValueFactory = _ => "out/quality" };
var prompts = new Option<int>("--prompts") { Description = "Held-in prompts; half as many held-out ones.", DefaultValueFactory = _ => 512 };
var clipScale = new Option<double>("--clip-scale") { Description = "The scale of CLIP guidance.", DefaultValueFactory = _ => 40 };
var scale = new Option<double>("--scale") { Description = "The scale of classifier-free guidance.", DefaultValueFactory = _ => 3.5 };
var colorScale = new Option<double>("--color-scale") { Description = "The scale of colour guidance.", DefaultValueFactory = _ => 500 };
var quality = new Command("quality", "Measures how well a trained model does what it is asked; prints lines of JSON.") { subject, model, pictures, prompts, scale, clipScale, colorScale };
quality.SetAction(parsed =>
{
    var options = new QualityOptions(parsed.GetValue(model)!, parsed.GetValue(pictures)!, parsed.GetValue(prompts), Batch: 32, parsed.GetValue(scale), parsed.GetValue(clipScale), parsed.GetValue(colorScale));
    foreach (var line in ShapesQuality.Measure(options))
    {
        Console.WriteLine(line);
    }
});

return new RootCommand("Measures Diffusion.Dsl.") { ratio, bench, peaks, quality }.Parse(args).Invoke();
