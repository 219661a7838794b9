#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package Spectre.Console
#:package System.CommandLine

// Trains the diffusion course's UNet on procedural digits with the DDPM objective. From the repository's root:
//
//     dotnet run examples/train_digits.cs                             trains; models/digits/README.md tells the runs that made models/digits
//     dotnet run examples/train_digits.cs -- --quick                  a minute, to see that everything works
//     dotnet run examples/train_digits.cs -- --resume                 goes on after Ctrl+C or a crash
//     dotnet run examples/train_digits.cs -- --export out/model       writes the averaged weights as a diffusers folder, from the checkpoint
//     dotnet run examples/train_digits.cs -- --from out/model         starts from the weights of such a folder
//
// All that is random in step n comes from generators seeded by (seed, n): a resumed run is the run that was never stopped.
using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Data.Digits;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Training;
using Spectre.Console;
using static TorchSharp.torch;

var steps = new Option<int>("--steps") { Description = "Optimiser steps", DefaultValueFactory = _ => 5600 };
var batch = new Option<int>("--batch") { Description = "Images in a step, a multiple of --part", DefaultValueFactory = _ => 16 };
var part = new Option<int>("--part") { Description = "Images that one worker computes at a time", DefaultValueFactory = _ => 4 };
var workers = new Option<int>("--workers") { Description = "Parts at a time, each on one thread", DefaultValueFactory = _ => Environment.ProcessorCount };
var rate = new Option<double>("--rate") { Description = "Peak learning rate", DefaultValueFactory = _ => 1e-3 };
var seed = new Option<int>("--seed") { Description = "Seed of weights, data and noise", DefaultValueFactory = _ => 0 };
var variety = new Option<double>("--variety") { Description = "How various the digits are, 0 to 1", DefaultValueFactory = _ => 1 };
var from = new Option<string?>("--from") { Description = "Start from the weights of this diffusers folder" };
var folder = new Option<string>("--out") { Description = "Folder of the checkpoint", DefaultValueFactory = _ => "out/digits" };
var minutes = new Option<double>("--save-every") { Description = "Minutes between checkpoints", DefaultValueFactory = _ => 4 };
var resume = new Option<bool>("--resume") { Description = "Go on from the checkpoint" };
var quick = new Option<bool>("--quick") { Description = "25 steps, in a folder of their own" };
var export = new Option<string>("--export") { Description = "Write the checkpoint's averaged weights to this folder and stop" };

var command = new RootCommand("Trains a UNet2DModel on procedural digits.") { steps, batch, part, workers, rate, seed, variety, from, folder, minutes, resume, quick, export };
command.SetAction(options =>
{
    try
    {
        var run = new Run(
            options.GetValue(quick) ? 25 : options.GetValue(steps),
            options.GetValue(batch),
            options.GetValue(part),
            options.GetValue(workers),
            options.GetValue(rate),
            new ProceduralDigits(options.GetValue(seed), options.GetValue(variety)),
            options.GetValue(from),
            options.GetValue(quick) ? "out/digits-quick" : options.GetValue(folder)!,
            options.GetValue(minutes));
        if (options.GetValue(export) is { } target)
            run.Export(target);
        else
            run.Train(options.GetValue(resume));
        return 0;
    }
    catch (DiffusionException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
});
return command.Parse(args).Invoke();

internal sealed class Run(int steps, int batch, int part, int workers, double rate, ProceduralDigits data, string? from, string folder, double minutesToSave)
{
    private const int WarmupSteps = 200;
    private const int LineSteps = 50;
    private static readonly EmaDecay Decay = new(0.999);

    private readonly string checkpoint = Path.Combine(folder, "checkpoint.safetensors");
    private readonly CosineRate schedule = LearningRates.Cosine(WarmupSteps);
    private readonly UNet2DModel model = from is null ? Untrained(data.Seed) : UNet2DModel.FromPretrained(Path.Combine(from, "unet"), ScalarType.Float32);

    public void Train(bool resume)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        // The optimiser's many small operations would wait for a second thread whenever another program has the core.
        set_num_threads(1);
        using var optimizer = new AdamW(model);
        using var average = new ExponentialMovingAverage(model, Decay);
        var first = resume ? TrainingCheckpoint.Load(checkpoint, model, average, optimizer) : 0;
        using var gradients = new ParallelGradients<UNet2DModel>(model, () => Untrained(data.Seed), workers);
        using var objective = new ObjectiveLoss(Objectives.Epsilon, NoiseSchedule.Linear);

        WithProgress(first, report =>
        {
            var sinceSave = Stopwatch.StartNew();
            for (var step = first; step < steps && !stop.IsCancellationRequested; step++)
            {
                using var scope = NewDisposeScope();
                var loss = gradients.Compute(batch / part, (copy, index) => Loss(copy, step, index, objective));
                nn.utils.clip_grad_norm_(model.parameters(), max_norm: 1);
                optimizer.Step(schedule.At(step, rate, steps));
                average.Update();
                report(step + 1, loss);
                if (sinceSave.Elapsed.TotalMinutes >= minutesToSave)
                {
                    TrainingCheckpoint.Save(checkpoint, model, average, optimizer);
                    sinceSave.Restart();
                }
            }
        });

        TrainingCheckpoint.Save(checkpoint, model, average, optimizer);
        Console.WriteLine(stop.IsCancellationRequested
            ? $"Stopped after {optimizer.Steps} of {steps} steps; go on with --resume."
            : $"Done: {checkpoint} holds the run, --export writes the model.");

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    public void Export(string target)
    {
        using var optimizer = new AdamW(model);
        using var average = new ExponentialMovingAverage(model, Decay);
        var done = TrainingCheckpoint.Load(checkpoint, model, average, optimizer);
        average.CopyTo(model);
        model.SavePretrained(Path.Combine(target, "unet"), ScalarType.Float16);
        Write(Path.Combine(target, "scheduler", "scheduler_config.json"), SchedulerConfigJson.Write(Schedulers.Ddpm(), SchedulerConfig.Default));
        Write(Path.Combine(target, "model_index.json"), JsonValue.Object(
        [
            new("_class_name", JsonValue.Of("DDPMPipeline")),
            new("_diffusers_version", model.Config.ToJson()["_diffusers_version"]),
            new("scheduler", JsonValue.Array([JsonValue.Of("diffusers"), JsonValue.Of("DDPMScheduler")])),
            new("unet", JsonValue.Array([JsonValue.Of("diffusers"), JsonValue.Of("UNet2DModel")])),
        ]));
        Console.WriteLine($"{target}: the average after {done} steps.");
    }

    private static UNet2DModel Untrained(long seed) => UNet2DModel.FromConfig(UNet2DConfig.Course, seed);

    private static void Write(string path, JsonValue json)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, json.ToIndentedString());
    }

    // One part of a step's batch; the data set is read once, from its start.
    private Tensor Loss(UNet2DModel copy, int step, int index, ObjectiveLoss objective)
    {
        using var random = new Generator((ulong)((((data.Seed * 1_000_003) + step) * 64) + index));
        var images = data.Batch(part, ((long)step * batch) + (index * part)).Images;
        return objective.Loss((noisy, timesteps) => copy.call(noisy, timesteps, null), images, random);
    }

    private void WithProgress(int first, Action<Action<int, double>> work)
    {
        var clock = Stopwatch.StartNew();
        var losses = new Queue<double>();
        if (AnsiConsole.Profile.Capabilities.Interactive)
        {
            AnsiConsole.Progress()
                .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(context =>
                {
                    var task = context.AddTask("training", maxValue: steps);
                    task.Value = first;
                    work((step, loss) =>
                    {
                        task.Value = step;
                        task.Description = Line(step, loss);
                    });
                });
            return;
        }

        work((step, loss) =>
        {
            var line = Line(step, loss);
            var left = clock.Elapsed / (step - first) * (steps - step);
            if (step % LineSteps == 0 || step == steps)
                Console.WriteLine(FormattableString.Invariant($"{DateTime.Now:HH:mm:ss} {line}, {left.TotalMinutes:F0} min left"));
        });

        string Line(int step, double loss)
        {
            losses.Enqueue(loss);
            if (losses.Count > LineSteps)
                losses.Dequeue();
            var speed = (step - first) * batch / clock.Elapsed.TotalSeconds;
            return FormattableString.Invariant($"step {step} of {steps}: loss {losses.Average():F4}, {speed:F1} images/s");
        }
    }
}
