#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package Spectre.Console
#:package System.CommandLine

// Words to pictures, with a model that lies in this repository: nothing to download. From the repository's root:
//
//     dotnet run examples/text_to_image.cs -- "a red circle on a blue background"
//     dotnet run examples/text_to_image.cs -- "a small yellow star above a large black ring" --samples 4 --scale 7.5 --sampler dpm++2m --steps 20 --seed 42
//     dotnet run examples/text_to_image.cs -- "a heart" --negative "red" --model some/folder --out heart.png
//     dotnet run examples/text_to_image.cs -- "a green star" "a pink ring" "two objects" --samples 1
//
// Writes one PNG with all samples, a row for each prompt, and each alone with its receipt beside it; shows them in the terminal. The model knows eight shapes, eleven colours, two sizes,
// stripes and dots, places, one or two objects, plain and graded backgrounds: docs/models/shapes.md.
using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Spectre.Console;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

var samplers = new Dictionary<string, Func<int, Scheduler>>(StringComparer.OrdinalIgnoreCase)
{
    ["dpm++2m"] = count => DpmSolver(count),
    ["ddim"] = count => Ddim(count),
    ["ddpm"] = count => Ddpm(count),
    ["euler"] = count => Euler(count),
    ["euler-a"] = count => EulerAncestral(count),
    ["heun"] = count => Heun(count),
    ["unipc"] = count => UniPC(count),
    ["pndm"] = count => Pndm(count),
};

var prompts = new Argument<string[]>("PROMPT") { Description = "What the pictures are to show", Arity = ArgumentArity.OneOrMore };
var samples = new Option<int>("--samples") { Description = "How many pictures of each prompt", DefaultValueFactory = _ => 4 };
samples.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() < 1)
        result.AddError("--samples is 1 or more.");
});
var scale = new Option<double>("--scale") { Description = "Guidance scale: 1 is none", DefaultValueFactory = _ => 3.5 };
var sampler = new Option<string>("--sampler") { Description = "One of " + string.Join(", ", samplers.Keys), DefaultValueFactory = _ => "dpm++2m" };
sampler.AcceptOnlyFromAmong([.. samplers.Keys]);
var steps = new Option<int>("--steps") { Description = "Steps of the sampler", DefaultValueFactory = _ => 20 };
var seed = new Option<long>("--seed") { Description = "Seed of the first picture", DefaultValueFactory = _ => 42 };
var negative = new Option<string?>("--negative") { Description = "What the pictures are not to show" };
var model = new Option<string>("--model") { Description = "A folder in the layout of Stable Diffusion", DefaultValueFactory = _ => "models/shapes" };
var target = new Option<string>("--out") { Description = "The PNG file", DefaultValueFactory = _ => "out/text_to_image.png" };

var command = new RootCommand("Makes pictures of a text.") { prompts, samples, scale, sampler, steps, seed, negative, model, target };
command.SetAction(given =>
{
    var file = given.GetValue(target)!;
    try
    {
        var parts = Pretrained.From(given.GetValue(model)!);
        var pipeline = Pipeline.From(parts.Vae).Text(parts.Clip).Unet(parts.Unet)
            .Scheduler(samplers[given.GetValue(sampler)!](given.GetValue(steps)))
            .Guidance(Cfg(given.GetValue(scale)));
        if (given.GetValue(negative) is { } unwanted)
            pipeline = pipeline.Negative(unwanted);
        using var run = pipeline.Compile().Load();

        var (texts, count) = (given.GetValue(prompts)!, given.GetValue(samples));
        Prompt[] asked = [.. texts.SelectMany(text => Enumerable.Range(0, count).Select(i => Prompt.Of(text).WithSeed(given.GetValue(seed) + i)))];
        var pictures = SamplingConsole.Show(string.Join(", ", texts.Take(2)) + (texts.Length > 2 ? ", …" : ""), progress => run.Generate(asked, progress: progress));
        pictures.Grid(count == 1 ? Math.Min(texts.Length, 6) : count, padding: 4, background: 64).Enlarge(2).Save(file);
        for (var i = 0; i < pictures.Count; i++)
            pictures[i].Save(Path.ChangeExtension(file, (texts.Length > 1 ? FormattableString.Invariant($".{(i / count) + 1}") : "") + FormattableString.Invariant($".{asked[i].Seed}.png")));
        Show(pictures);
        AnsiConsole.MarkupLineInterpolated($"Wrote [green]{file}[/].");
        return 0;
    }
    catch (DiffusionException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
});
return command.Parse(args).Invoke();

// The first pictures side by side, as many as fit: a character for every second pixel.
static void Show(IReadOnlyList<Image> pictures)
{
    const int across = 32;
    var row = Image.Grid(pictures.Take(Math.Max(1, AnsiConsole.Profile.Width / (2 * across))).Select(picture => picture.Resize(across, across * picture.Height / picture.Width)), columns: 8, padding: 0);
    var canvas = new Canvas(row.Width, row.Height) { Scale = false };
    for (var y = 0; y < row.Height; y++)
    {
        for (var x = 0; x < row.Width; x++)
            canvas.SetPixel(x, y, new Color(row[x, y, 0], row[x, y, 1], row[x, y, 2]));
    }

    AnsiConsole.Write(canvas);
}
