#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj

// A picture says how it was made: draws digits, reads the pipeline back out of the file, draws them again and compares the bytes. From the repository's root:
// dotnet run examples/receipt.cs
using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using static Diffusion.Dsl.Schedulers;

var file = args.FirstOrDefault() ?? "out/receipt.png";
var again = Path.ChangeExtension(file, ".again.png");

using (var run = Pipeline.From(Pretrained.From("models/digits").Unet).Scheduler(DpmSolver(20, sigmas: SigmaSchedule.Karras())).Compile().Load())
{
    run.Generate(count: 16, seed: 42).Save(file);
}

// From here on the file is all there is.
var receipt = Receipt.Read(file);
Console.WriteLine(receipt.Pipeline);
Console.WriteLine($"seeds {string.Join(", ", receipt.Seeds)}; weights {receipt.Weights[0].Sha256}");
Console.WriteLine(receipt.Parameters);

using (var run = receipt.Pipeline.Compile().Load(receipt.Machine.Device, receipt.Machine.Precision))
{
    var images = run.Reproduce(receipt);
    images.Save(again);
    foreach (var warning in images.Warnings)
        Console.WriteLine(warning);
}

var same = File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(again));
Console.WriteLine(same ? $"{file} and {again} are the same, byte for byte." : $"{file} and {again} differ.");
return same ? 0 : 1;
