#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package Spectre.Console

// Draws a grid of digits. From the repository's root: dotnet run examples/quickstart.cs
using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Spectre.Console;
using static Diffusion.Dsl.Schedulers;

var digits = Pretrained.From("models/digits");
var pipeline = Pipeline.From(digits.Unet).Scheduler(Ddim(40));
var compiled = pipeline.Compile(); // the source generator puts its code in place of this call

if (args.Contains("--code"))
{
    Console.Write(compiled.ToCSharp());
    return;
}

using var run = compiled.Load();
var images = SamplingConsole.Show("32 digits", progress => run.Generate(count: 32, seed: 42, progress: progress));

var file = args.FirstOrDefault(argument => !argument.StartsWith('-')) ?? "digits.png";
images.Grid(columns: 8).Enlarge(4).Save(file);
AnsiConsole.MarkupLineInterpolated($"Wrote [green]{file}[/]; the sampler was compiled at [blue]{compiled.Origin}[/].");
