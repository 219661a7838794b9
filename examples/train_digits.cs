#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package System.CommandLine

// Trains the diffusion course's UNet on procedural digits with the DDPM objective. From the repository's root:
//
//     dotnet run -c Release examples/train_digits.cs                       trains; models/digits/README.md tells the runs that made models/digits
//     dotnet run -c Release examples/train_digits.cs -- --quick            a minute, to see that everything works
//     dotnet run -c Release examples/train_digits.cs -- --resume           goes on after Ctrl+C, a crash or a kill: the same run, bit for bit
//     dotnet run -c Release examples/train_digits.cs -- --from out/model   starts from the weights of a diffusers folder
//
// out/digits then holds checkpoint.safetensors, metrics.jsonl, loss.png, samples/ and, at the end, model/: a DDPMPipeline that Python's diffusers loads too.
using System;
using System.CommandLine;
using System.IO;
using Diffusion.Dsl;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Data.Digits;
using Diffusion.Runtime.Training;
using static Diffusion.Dsl.LearningRates;
using static Diffusion.Dsl.Objectives;
using static Diffusion.Dsl.Optimizers;
using static Diffusion.Dsl.Schedulers;

var steps = new Option<int>("--steps") { Description = "Optimiser steps", DefaultValueFactory = _ => 1500 };
var batch = new Option<int>("--batch") { Description = "Images in a step", DefaultValueFactory = _ => 16 };
var rate = new Option<double>("--rate") { Description = "Peak learning rate", DefaultValueFactory = _ => 1e-3 };
var seed = new Option<int>("--seed") { Description = "Seed of weights, data and noise", DefaultValueFactory = _ => 0 };
var variety = new Option<double>("--variety") { Description = "How various the digits are, 0 to 1", DefaultValueFactory = _ => 0.5 };
var from = new Option<string?>("--from") { Description = "Start from the weights of this diffusers folder" };
var folder = new Option<string>("--out") { Description = "Folder of the run", DefaultValueFactory = _ => "out/digits" };
var resume = new Option<bool>("--resume") { Description = "Go on from the folder's checkpoint" };
var quick = new Option<bool>("--quick") { Description = "25 steps, in a folder of their own" };

var command = new RootCommand("Trains a UNet2DModel on procedural digits.") { steps, batch, rate, seed, variety, from, folder, resume, quick };
command.SetAction(options =>
{
    var length = options.GetValue(quick) ? 25 : options.GetValue(steps);
    var data = new DigitData(new ProceduralDigits(options.GetValue(seed), options.GetValue(variety)), Count: 1_000_000);
    var training = (options.GetValue(from) is { } known ? Train.Ddpm(Pretrained.From(known).Unet) : Train.Ddpm(UNet2DConfig.Course))
        .On(data)
        .Objective(Epsilon)
        .Optimizer(AdamW(options.GetValue(rate)))
        .Schedule(Cosine(warmup: Math.Min(200, length / 5)))
        .Batch(options.GetValue(batch))
        .Ema(0.999)
        .Steps(length)
        .Seed(options.GetValue(seed));
    var run = new TrainerOptions(options.GetValue(quick) ? "out/digits-quick" : options.GetValue(folder)!)
    {
        Resume = options.GetValue(resume),
        SaveEvery = options.GetValue(quick) ? 25 : 250,
        SampleEvery = options.GetValue(quick) ? 25 : 250,
        SampleScheduler = Ddim(options.GetValue(quick) ? 10 : 40),
    };
    if (options.GetValue(quick) && Directory.Exists(run.Folder))
        Directory.Delete(run.Folder, recursive: true);
    try
    {
        return training.RunOnConsole(run) is null ? 130 : 0;
    }
    catch (DiffusionException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
});
return command.Parse(args).Invoke();
