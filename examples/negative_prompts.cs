#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package System.CommandLine

// What a picture is not to show: the negative prompt stands where nothing stood, and guidance leads away from it. From the repository's root:
//
//     dotnet run examples/negative_prompts.cs
//     dotnet run examples/negative_prompts.cs -- "a large star" --negative "red"
//
// out/negative_prompts.png: above without, below with the negative prompt, from the same noise.
using System;
using System.CommandLine;
using Diffusion.Dsl;
using Diffusion.Runtime;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

var prompt = new Argument<string>("PROMPT") { Description = "What the pictures are to show", DefaultValueFactory = _ => "a large circle on a white background" };
var negative = new Option<string>("--negative") { Description = "What they are not to show", DefaultValueFactory = _ => "a blue circle" };
var seed = new Option<long>("--seed") { Description = "Seed of the first picture", DefaultValueFactory = _ => 42 };
var command = new RootCommand("Compares pictures of the shapes model without and with a negative prompt.") { prompt, negative, seed };
command.SetAction(given =>
{
    try
    {
        var shapes = Pretrained.From("models/shapes");
        var plain = Pipeline.From(shapes.Vae).Text(shapes.Clip).Unet(shapes.Unet).Scheduler(Ddim(40)).Guidance(Cfg(4));
        using var without = plain.Compile().Load();
        using var with = plain.Negative(given.GetValue(negative)!).Compile().Load();
        var above = SamplingConsole.Show(given.GetValue(prompt)!, progress => without.Generate(given.GetValue(prompt)!, 8, given.GetValue(seed), progress: progress));
        var below = SamplingConsole.Show("the same, not " + given.GetValue(negative), progress => with.Generate(given.GetValue(prompt)!, 8, given.GetValue(seed), progress: progress));
        Image.Grid([.. above, .. below], columns: 8, padding: 4, background: 64).Enlarge(2).Save("out/negative_prompts.png");
        Console.WriteLine("Wrote out/negative_prompts.png.");
        return 0;
    }
    catch (DiffusionException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
});
return command.Parse(args).Invoke();
