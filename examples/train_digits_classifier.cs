#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package Spectre.Console

// Trains the classifier that judges generated digits, and writes models/digits/classifier.safetensors: about two minutes.
//
//     dotnet run examples/train_digits_classifier.cs [target file]
//
// A plain classifier is sure of itself even on nonsense. This one also sees broken digits (halves of two different digits, two digits drawn over each
// other, empty pictures), for which every answer is to be equally likely: it is sure only of what looks like one digit.
using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Data.Digits;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Training;
using Diffusion.Runtime.Weights;
using Spectre.Console;
using static TorchSharp.torch;

const int Steps = 3000;
const int BatchSize = 64;

var target = args.Length > 0 ? args[0] : "models/digits/classifier.safetensors";
var data = new ProceduralDigits(1);
set_num_threads(1); // the layers are so small that threads would mostly wait for each other
using var model = DigitClassifier.Untrained(seed: 0);
using var optimizer = new AdamW(model);
var schedule = LearningRates.Cosine(warmup: 100);
using var random = new Generator(0);

if (AnsiConsole.Profile.Capabilities.Interactive)
{
    AnsiConsole.Progress().Start(context =>
    {
        var task = context.AddTask("training", maxValue: Steps);
        Train((step, _) => task.Value = step);
    });
}
else
{
    Train((step, loss) =>
    {
        if (step % 200 == 0)
            Console.WriteLine(FormattableString.Invariant($"step {step} of {Steps}: loss {loss:F4}"));
    });
}

StateDict.Save(model, target, ScalarType.Float16);
Judge(DigitClassifier.Load(target));
Console.WriteLine($"{target}: {new FileInfo(target).Length} bytes");

void Train(Action<int, double> report)
{
    for (var step = 0; step < Steps; step++)
    {
        using var scope = NewDisposeScope();
        var batch = data.Batch(BatchSize, (long)step * BatchSize);
        var noise = Uniform(0.3) * randn(batch.Images.shape, generator: random);
        var veil = Uniform(0.2);
        var whole = model.call(Seen(batch.Images)).log_softmax(-1);
        var broken = model.call(Seen(Broken(batch))).log_softmax(-1);
        var loss = nn.functional.nll_loss(whole, batch.Labels) - 0.25 * broken.mean();
        loss.backward();
        optimizer.Step(schedule.At(step, peak: 2e-3, Steps));
        report(step + 1, loss.item<float>());

        // Noise and a veil of gray, as generated pictures have them, say nothing about the shape.
        Tensor Seen(Tensor images) => images + veil * (1 - images) + noise;
    }

    Tensor Uniform(double most) => most * rand([BatchSize, 1, 1, 1], generator: random);
}

// Each picture is joined with the next one of the batch; where both are the same digit the result may well be that digit, and an empty picture stands in.
static Tensor Broken(DigitBatch batch)
{
    var other = batch.Images.roll(1, 0);
    var halves = cat([batch.Images.narrow(2, 0, 14), other.narrow(2, 14, 14)], 2);
    var overlay = maximum(batch.Images, other);
    var turn = arange(BatchSize).remainder(2).view(-1, 1, 1, 1).eq(0);
    var differ = batch.Labels.ne(batch.Labels.roll(1, 0)).view(-1, 1, 1, 1);
    return where(differ, where(turn, halves, overlay), full_like(overlay, -1));
}

// Samples that training never saw: another seed.
static void Judge(DigitClassifier judge)
{
    using var scope = NewDisposeScope();
    var fresh = new ProceduralDigits(2).Batch(4000, 0);
    var labels = fresh.Labels.data<long>().ToArray();
    var verdicts = judge.Classify(fresh.Images);
    var right = verdicts.Where((verdict, i) => verdict.Digit == labels[i]).Count();
    var sure = verdicts.Count(verdict => verdict.Confidence > 0.9);
    var fooled = Enumerable.Range(0, 10).Sum(i => judge.Classify(Broken(new ProceduralDigits(3).Batch(BatchSize, i * BatchSize))).Count(verdict => verdict.Confidence > 0.9));
    Console.WriteLine(FormattableString.Invariant($"fresh digits: {100.0 * right / labels.Length:F2} % right, {100.0 * sure / labels.Length:F2} % with confidence above 0.9; broken ones above 0.9: {100.0 * fooled / (10 * BatchSize):F1} %"));
}
