#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package System.CommandLine

// A picture of words becomes a picture of other words: the first one is noised in part, and denoised as the second prompt says. From the repository's root:
//
//     dotnet run examples/image_to_image.cs
//     dotnet run examples/image_to_image.cs -- --from "a large red square on a white background" --to "a large blue circle on a white background" --strength 0.7
//
// out/image_to_image.png: the picture, then the same changed with growing strength: little noise keeps more of it.
using System;
using System.CommandLine;
using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Runtime;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

var from = new Option<string>("--from") { Description = "What the picture shows", DefaultValueFactory = _ => "a large red square on a white background" };
var to = new Option<string>("--to") { Description = "What it is to show", DefaultValueFactory = _ => "a large blue circle on a white background" };
var strength = new Option<double?>("--strength") { Description = "Share of the noise, 0 to 1; else 0.3, 0.5, 0.7 and 0.9" };
var seed = new Option<long>("--seed") { Description = "Seed of picture and noise", DefaultValueFactory = _ => 42 };
var command = new RootCommand("Changes a picture of the shapes model.") { from, to, strength, seed };
command.SetAction(given =>
{
    try
    {
        var shapes = Pretrained.From("models/shapes");
        var pipeline = Pipeline.From(shapes.Vae).Text(shapes.Clip).Unet(shapes.Unet).Scheduler(Ddim(40)).Guidance(Cfg(5));
        var pictures = new List<Image>();
        using (var run = pipeline.Compile().Load())
            pictures.Add(SamplingConsole.Show(given.GetValue(from)!, progress => run.Generate(given.GetValue(from)!, 1, given.GetValue(seed), progress: progress))[0]);
        foreach (var share in given.GetValue(strength) is { } one ? [one] : new[] { 0.3, 0.5, 0.7, 0.9 })
        {
            using var run = pipeline.Strength(share).Compile().Load();
            pictures.Add(SamplingConsole.Show(given.GetValue(to)!, progress => run.GenerateFrom([pictures[0]], given.GetValue(to)!, given.GetValue(seed), progress: progress))[0]);
        }

        Image.Grid(pictures, pictures.Count, padding: 4, background: 64).Enlarge(2).Save("out/image_to_image.png");
        Console.WriteLine("Wrote out/image_to_image.png.");
        return 0;
    }
    catch (DiffusionException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
});
return command.Parse(args).Invoke();
