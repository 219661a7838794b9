#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package System.CommandLine

// A walk from one prompt to another: the noise along the arc between two seeds, the text along the line. From the repository's root:
//
//     dotnet run examples/latent_walk.cs
//     dotnet run examples/latent_walk.cs -- --from "a small red star on a black background" --to "a large yellow heart on a blue background" --frames 48
//
// out/latent_walk.png: an animated PNG, there and back.
using System;
using System.CommandLine;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

var from = new Option<string>("--from") { Description = "The first picture", DefaultValueFactory = _ => "a small red star on a black background" };
var to = new Option<string>("--to") { Description = "The last picture", DefaultValueFactory = _ => "a large yellow heart on a blue background" };
var frames = new Option<int>("--frames") { Description = "Pictures on the way", DefaultValueFactory = _ => 32 };
var seed = new Option<long>("--seed") { Description = "Seed of the first picture; the last has the next one", DefaultValueFactory = _ => 42 };
var command = new RootCommand("Walks through the latents of the shapes model.") { from, to, frames, seed };
command.SetAction(given =>
{
    try
    {
        var shapes = Pretrained.From("models/shapes");
        using var run = Pipeline.From(shapes.Vae).Text(shapes.Clip).Unet(shapes.Unet).Scheduler(Ddim(25)).Guidance(Cfg(5)).Compile().Load();
        var (first, last) = (Prompt.Of(given.GetValue(from)!).WithSeed(given.GetValue(seed)), Prompt.Of(given.GetValue(to)!).WithSeed(given.GetValue(seed) + 1));
        var way = SamplingConsole.Show("walking", progress => run.Walk(first, last, given.GetValue(frames), progress: progress));
        Image.SaveAnimation("out/latent_walk.png", [.. way.Select(picture => picture.Enlarge(3)), .. way.Reverse().Skip(1).Select(picture => picture.Enlarge(3))], milliseconds: 80);
        Console.WriteLine("Wrote out/latent_walk.png.");
        return 0;
    }
    catch (DiffusionException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
});
return command.Parse(args).Invoke();
