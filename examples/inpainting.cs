#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package System.CommandLine

// A part of a picture is made new, the rest stays bit for bit. From the repository's root:
//
//     dotnet run examples/inpainting.cs
//     dotnet run examples/inpainting.cs -- --picture "a large red circle to the left of a large blue square on a white background" --prompt "a large red circle to the left of a large green star on a white background"
//
// out/inpainting.png: the picture, the mask (the right half), and three results.
using System;
using System.CommandLine;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

var picture = new Option<string>("--picture") { Description = "What the picture shows", DefaultValueFactory = _ => "a large red circle to the left of a large blue square on a white background" };
var prompt = new Option<string>("--prompt") { Description = "What the result is to show", DefaultValueFactory = _ => "a large red circle to the left of a large green star on a white background" };
var seed = new Option<long>("--seed") { Description = "Seed of the picture and of the first result", DefaultValueFactory = _ => 42 };
var command = new RootCommand("Makes the right half of a picture of the shapes model new.") { picture, prompt, seed };
command.SetAction(given =>
{
    try
    {
        var shapes = Pretrained.From("models/shapes");
        using var run = Pipeline.From(shapes.Vae).Text(shapes.Clip).Unet(shapes.Unet).Scheduler(Ddim(40)).Guidance(Cfg(5)).Compile().Load();
        var before = SamplingConsole.Show(given.GetValue(picture)!, progress => run.Generate(given.GetValue(picture)!, 1, given.GetValue(seed), progress: progress))[0];
        var mask = new Image(64, 64, 1, [.. Enumerable.Range(0, 64 * 64).Select(i => i % 64 >= 32 ? byte.MaxValue : byte.MinValue)]);
        var results = SamplingConsole.Show(given.GetValue(prompt)!, progress => run.Inpaint(before, mask, given.GetValue(prompt)!, 3, given.GetValue(seed), progress: progress));
        var shown = new Image(64, 64, 3, [.. mask.Pixels.ToArray().SelectMany(value => new[] { value, value, value })]);
        Image.Grid([before, shown, .. results], columns: 5, padding: 4, background: 64).Enlarge(2).Save("out/inpainting.png");
        Console.WriteLine("Wrote out/inpainting.png.");
        return 0;
    }
    catch (DiffusionException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
});
return command.Parse(args).Invoke();
