#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package System.CommandLine

// CLIP leads a network that is told nothing: x follows the gradient of the angle between the picture's embedding and the prompt's. From the repository's root:
//
//     dotnet run examples/clip_guidance.cs -- "a large red circle on a white background"
//     dotnet run examples/clip_guidance.cs -- "a green star" --scale 60 --cuts 8 --seed 7
//
// out/clip_guidance.png: above without guidance, below with, from the same noise. The prompt goes to CLIP alone; the network reads an empty one.
using System;
using System.CommandLine;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

var prompt = new Argument<string>("PROMPT") { Description = "What CLIP is to see", DefaultValueFactory = _ => "a large red circle on a white background" };
var scale = new Option<double>("--scale") { Description = "Factor on the gradient", DefaultValueFactory = _ => 40 };
var cuts = new Option<int>("--cuts") { Description = "Crops a step", DefaultValueFactory = _ => 4 };
var through = new Option<bool>("--through-network") { Description = "Whether the gradient passes the network", DefaultValueFactory = _ => true };
var seed = new Option<long>("--seed") { Description = "Seed of the first picture", DefaultValueFactory = _ => 42 };
var command = new RootCommand("Guides the shapes model by CLIP alone.") { prompt, scale, cuts, through, seed };
command.SetAction(given =>
{
    try
    {
        var shapes = Pretrained.From("models/shapes");
        var plain = Pipeline.From(shapes.Vae).Text(shapes.Clip).Unet(shapes.Unet).Scheduler(Ddim(40));
        var guide = Clip(given.GetValue(prompt)!, given.GetValue(scale), given.GetValue(cuts), throughNetwork: given.GetValue(through)).WithCutouts(Cutouts.Close);
        using var without = plain.Compile().Load();
        using var with = plain.Guidance(guide).Compile().Load();
        var above = SamplingConsole.Show("nothing in particular", progress => without.Generate("", 8, given.GetValue(seed), progress: progress));
        var below = SamplingConsole.Show(given.GetValue(prompt)!, progress => with.Generate("", 8, given.GetValue(seed), progress: progress));
        Image.Grid([.. above, .. below], columns: 8, padding: 4, background: 64).Enlarge(2).Save("out/clip_guidance.png");
        Console.WriteLine("Wrote out/clip_guidance.png.");
        return 0;
    }
    catch (DiffusionException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
});
return command.Parse(args).Invoke();
