#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package Spectre.Console

// How many generated digits does the classifier read with a confidence above 0.9? From the repository's root:
//
//     dotnet run examples/digits_quality.cs                          256 pictures, seeds 0 to 255, DDIM with 40 steps
//     dotnet run examples/digits_quality.cs -- some/folder 64 100    another model, 64 pictures from seed 100 on
//
// Writes out/digits-quality.png, the first 64 pictures, and out/digits-rejected.png, those that the classifier is not sure of.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Models;
using Spectre.Console;
using static Diffusion.Dsl.Schedulers;

const double Sure = 0.9;

var folder = args.Length > 0 ? args[0] : "models/digits";
var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 256;
var seed = args.Length > 2 ? long.Parse(args[2], CultureInfo.InvariantCulture) : 0;

using var run = Pipeline.From(Pretrained.From(folder).Unet).Scheduler(Ddim(40)).Compile().Load();
var pictures = SamplingConsole.Show(FormattableString.Invariant($"{count} digits"), progress => run.Generate(count, seed, batch: 32, progress: progress));

using var classifier = DigitClassifier.Load("models/digits/classifier.safetensors");
using var batch = Image.ToBatch(pictures);
var verdicts = classifier.Classify(batch);
var table = new Table().AddColumn("digit").AddColumn("drawn").AddColumn("sure");
foreach (var digit in verdicts.GroupBy(verdict => verdict.Digit).OrderBy(group => group.Key))
    table.AddRow(Text(digit.Key), Text(digit.Count()), Text(digit.Count(verdict => verdict.Confidence > Sure)));
AnsiConsole.Write(table);

var sure = verdicts.Count(verdict => verdict.Confidence > Sure);
AnsiConsole.WriteLine(FormattableString.Invariant($"{folder}: {sure} of {count} with confidence above {Sure}: {100.0 * sure / count:F1} %"));

Save(pictures.Take(64), "out/digits-quality.png");
Save(pictures.Where((_, i) => verdicts[i].Confidence <= Sure), "out/digits-rejected.png");

static void Save(IEnumerable<Image> images, string file)
{
    if (images.Any())
        Image.Grid(images, columns: 8, padding: 2, background: 32).Enlarge(3).Save(file);
    else
        File.Delete(file);
}

static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
