using System;
using System.Collections.Generic;
using System.IO;
using Diffusion.Benchmarks.Measuring;
using Diffusion.Dsl;
using Diffusion.Runtime.Compilation;
using TorchSharp;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>The pipeline of the README on the checkpoint in <c>models/digits</c>: its compiled sampler against the interpreter, with the same network.</summary>
internal static class DigitsRatio
{
    private const int Steps = 10;
    private const int Rounds = 15;

    public static IEnumerable<RatioResult> Measure(RatioOptions options)
    {
        if (options.Threads > 0)
        {
            torch.set_num_threads(options.Threads);
        }

        var pipeline = Pipeline.From(Pretrained.From(Checkpoint()).Unet).Scheduler(Ddim(Steps));
        using var interpreted = pipeline.Compile(CompileOptions.Default.WithMode(CompileMode.Interpreter)).Load();
        using var compiled = pipeline.Compile(CompileOptions.Default.WithMode(CompileMode.RunTime).WithCacheDirectory("")).Load();
        foreach (var count in new[] { 1, 16 })
        {
            yield return new(
                $"digits: {pipeline.Sampler}, {count} at once",
                Interleaved.Measure(
                    [
                        new("interpreter", () => interpreted.Generate(count)),
                        new("compiled", () => compiled.Generate(count)),
                    ],
                    options.Rounds > 0 ? options.Rounds : Rounds,
                    TimeSpan.Zero,
                    options.Clock),
                options,
                "both spend nearly all of the time in the network");
        }
    }

    private static string Checkpoint()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Directory.Exists(Path.Combine(folder, "models", "digits")))
            {
                return Path.Combine(folder, "models", "digits");
            }
        }

        throw new DirectoryNotFoundException("models/digits is in no folder above this program; run it from a build inside the repository");
    }
}
