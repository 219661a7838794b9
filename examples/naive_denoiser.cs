#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package Spectre.Console
#:package System.CommandLine

// The pictures and figures of docs/course/naive-denoiser.md: the course's first network, trained to undo a corruption in one step. From the repository's root:
//
//     dotnet run -c Release examples/naive_denoiser.cs                                   trains, and writes out/course/naive-*.png
//     dotnet run -c Release examples/naive_denoiser.cs -- --quick                        a minute, to see that everything works
//     dotnet run -c Release examples/naive_denoiser.cs -- --mnist FOLDER                 MNIST's IDX files in place of procedural digits
//     dotnet run -c Release examples/naive_denoiser.cs -- --unet --images 6400           the same loop with the U-Net of DDPM, which is told t = 0 always
//     dotnet run -c Release examples/naive_denoiser.cs -- --weights out/course/naive.safetensors      the pictures of a run that is done
using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Data.Digits;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Plotting;
using Diffusion.Runtime.Sampling;
using Diffusion.Runtime.Training;
using Diffusion.Runtime.Weights;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

var folder = new Option<string>("--out") { Description = "Folder of the pictures", DefaultValueFactory = _ => "out/course" };
var mnist = new Option<string?>("--mnist") { Description = "Folder of MNIST's IDX files" };
var images = new Option<int>("--images") { Description = "Procedural digits in an epoch", DefaultValueFactory = _ => 19_200 };
var weights = new Option<string?>("--weights") { Description = "Weights to use in place of training" };
var unet = new Option<bool>("--unet") { Description = "Train UNet2DModel in the place of BasicUNet, and write its losses alone" };
var quick = new Option<bool>("--quick") { Description = "640 digits in an epoch, 32 pictures to judge" };
var command = new RootCommand("Trains BasicUNet on corrupted digits and shows what it gives.") { folder, mnist, images, weights, unet, quick };
command.SetAction((options, stop) => Task.Run(() =>
{
    try
    {
        IImageData data = options.GetValue(mnist) is { } files
            ? IdxData.OpenFolder(files)
            : new DigitData(new ProceduralDigits(0), options.GetValue(quick) ? 640 : options.GetValue(images));
        var page = new NaivePage(data, options.GetValue(folder)!, options.GetValue(quick), stop);
        if (options.GetValue(unet))
            page.WriteUNet();
        else
            page.Write(options.GetValue(weights));
        return 0;
    }
    catch (Exception e) when (e is DiffusionException or OperationCanceledException)
    {
        Console.Error.WriteLine(e is DiffusionException ? e.Message : "Stopped.");
        return 1;
    }
}));
return await command.Parse(args).InvokeAsync();

internal sealed class NaivePage(IImageData data, string folder, bool quick, CancellationToken stop)
{
    private const int BatchSize = 128;
    private const int Epochs = 3;
    private const double Rate = 1e-3;
    private const double Sure = 0.9;

    public void Write(string? weights)
    {
        using var model = weights is null ? BasicUNet.Untrained(seed: 0) : BasicUNet.Load(weights);
        Console.Write(model.Print());
        Console.Write(model.Explain());
        Console.WriteLine(FormattableString.Invariant($"{model.ParameterCount:N0} parameters"));
        foreach (var finding in model.Check(Objectives.Epsilon))
            Console.WriteLine("If it were to predict noise: " + finding);

        if (weights is null)
            Train(model, model.call, "naive");

        Corrupted(model);
        Steps(model, 5, [0, 1, 2, 3, 4]);
        Steps(model, 40, [0, 8, 16, 24, 32, 39]);
        if (data is DigitData)
            Judge(model);
    }

    // The notebook's next step: the network of DDPM in the same loop. It is told the same timestep always, so it learns nothing about time.
    public void WriteUNet()
    {
        using var model = UNet2DModel.FromConfig(UNet2DConfig.Course, seed: 0);
        Console.WriteLine(FormattableString.Invariant($"UNet2DModel, {model.ParameterCount:N0} parameters, t = 0"));
        using var time = tensor(0L);
        Train(model, noisy => model.forward(noisy, time), "naive-unet");
    }

    private static Image[] Pictures(Tensor pixels)
    {
        using var signed = (pixels * 2) - 1;
        return [.. Image.FromBatch(signed)];
    }

    private static Tensor Fresh(int count)
    {
        using var digits = new ProceduralDigits(1).Batch(count, 0);
        return (digits.Images + 1) / 2;
    }

    private void Train(nn.Module model, Func<Tensor, Tensor> denoise, string name)
    {
        using var adam = new AdamW(model, weightDecay: 0); // without decay AdamW is Adam
        using var random = new Generator(0);
        var loader = new ImageLoader(data, BatchSize).WithTransforms(ImageTransforms.None.Normalize(0, 1)); // pixels in [0, 1]
        var losses = new List<double>();
        var clock = Stopwatch.StartNew();
        AnsiConsole.Progress().Start(screen =>
        {
            for (var epoch = 0; epoch < Epochs; epoch++)
            {
                var task = screen.AddTask(FormattableString.Invariant($"epoch {epoch + 1}"), maxValue: loader.BatchesPerEpoch);
                foreach (var batch in loader.Epoch(epoch, stop))
                {
                    using var scope = NewDisposeScope();
                    using var owned = batch;
                    var noisy = NaiveCorruption.Apply(batch.Images, rand(batch.Count, generator: random), random);
                    var loss = nn.functional.mse_loss(denoise(noisy), batch.Images);
                    loss.backward();
                    adam.Step(Rate);
                    losses.Add(loss.item<float>());
                    task.Increment(1);
                }
            }
        });

        var means = losses.Chunk(loader.BatchesPerEpoch).Select(epoch => epoch.Average()).ToArray();
        Console.WriteLine(FormattableString.Invariant($"{data.Name}, {data.Count:N0} pictures an epoch, {clock.Elapsed.TotalSeconds:F0} s"));
        Console.WriteLine("mean loss of each epoch: " + string.Join(", ", means.Select(mean => FormattableString.Invariant($"{mean:F4}"))));
        StateDict.Save(model, $"{folder}/{name}.safetensors");
        new LinePlot("One-step denoising", "step", "mean squared error")
            .WithLogUpwards()
            .Line("each batch of 128", losses.Select((_, i) => i + 1.0), losses)
            .Line("mean of each epoch", means.Select((_, i) => (i + 0.5) * loader.BatchesPerEpoch), means, PlotStyle.Points)
            .Save($"{folder}/{name}-loss.png");
    }

    // Three rows: clean, corrupted by 0 to 1, and what the network makes of it in one go.
    private void Corrupted(BasicUNet model)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var clean = data is DigitData ? Fresh(8) : (Image.ToBatch(Enumerable.Range(0, 8).Select(i => data.Read(i).Image)) + 1) / 2;
        var noisy = NaiveCorruption.Apply(clean, linspace(0, 1, 8), new Generator(1));
        Image.Grid([.. Pictures(clean), .. Pictures(noisy), .. Pictures(model.call(noisy))], columns: 8, padding: 2, background: 64).Enlarge(3).Save(folder + "/naive-corrupted.png");
    }

    // A row for each step: left what the network sees, right what it predicts.
    private void Steps(BasicUNet model, int steps, int[] shown)
    {
        using var scope = NewDisposeScope();
        var sample = rand([8, 1, 28, 28], generator: new Generator(2));
        var (seen, predicted) = (new List<Image>(), new List<Image>());
        foreach (var step in new NaiveSampler(steps).Stream(model.call, sample))
        {
            if (shown.Contains(step.Index))
            {
                seen.AddRange(Pictures(sample));
                predicted.AddRange(Pictures(step.Prediction));
            }

            sample = step.Sample;
        }

        Image.Strip([Image.Grid(seen, 8, 1, 64), Image.Grid(predicted, 8, 1, 64)], padding: 6, background: 255).Enlarge(2).Save($"{folder}/naive-{steps}-steps.png");
    }

    // How many pictures does the classifier of models/digits read with confidence?
    private void Judge(BasicUNet model)
    {
        var count = quick ? 32 : 256;
        var table = new Table().AddColumn("pictures").AddColumn("sure").AddColumn("share");
        using var classifier = DigitClassifier.Load("models/digits/classifier.safetensors");
        AnsiConsole.Progress().Start(screen =>
        {
            using var scope = NewDisposeScope();
            var five = Row("naive, 5 steps", Naive(5));
            var forty = Row("naive, 40 steps", Naive(40));
            using var run = Pipeline.From(Pretrained.From("models/digits").Unet).Scheduler(Schedulers.Ddim(quick ? 10 : 40)).Compile().Load();
            var task = screen.AddTask(run.Compiled.Definition.Sampler!.ToString()!);
            var trained = Row("models/digits, " + run.Compiled.Definition.Sampler, run.Generate(count, seed: 0, batch: 32, progress: new Report(step => task.Value = 100.0 * step.Step / step.Steps), cancellation: stop));
            Row("fresh procedural digits", Pictures(Fresh(count)));
            Image.Strip([.. new[] { five, forty, trained }.Select(images => Image.Grid(images.Take(25), 5, 1, 64))], padding: 6, background: 255).Enlarge(2).Save(folder + "/naive-judged.png");

            Image[] Naive(int steps)
            {
                var progress = screen.AddTask(FormattableString.Invariant($"naive, {steps} steps"), maxValue: steps);
                using var inner = NewDisposeScope();
                var last = rand([count, 1, 28, 28], generator: new Generator(3));
                foreach (var step in new NaiveSampler(steps).Stream(model.call, last))
                {
                    stop.ThrowIfCancellationRequested();
                    last = step.Sample;
                    progress.Increment(1);
                }

                return Pictures(last);
            }
        });
        AnsiConsole.Write(table);

        IReadOnlyList<Image> Row(string what, IReadOnlyList<Image> pictures)
        {
            using var batch = Image.ToBatch(pictures);
            var sure = classifier.Classify(batch).Count(verdict => verdict.Confidence > Sure);
            table.AddRow(what, FormattableString.Invariant($"{sure} of {pictures.Count}"), FormattableString.Invariant($"{100.0 * sure / pictures.Count:F1} %"));
            return pictures;
        }
    }
}

// Reports in order, on the thread that samples.
internal sealed class Report(Action<SamplingProgress> report) : IProgress<SamplingProgress>
{
    void IProgress<SamplingProgress>.Report(SamplingProgress value) => report(value);
}
