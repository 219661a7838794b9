using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Benchmarks.Measuring;
using Diffusion.Benchmarks.Steps.Eager;
using Diffusion.Dsl;
using Diffusion.Runtime.Compilation;
using TorchSharp;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>
/// What every sampler of the registry spends in a step outside the network, on the latents of one 512 × 512 image: compiled by this library, and operation
/// by operation as diffusers writes it.
/// </summary>
internal static class SamplersRatio
{
    private const int Steps = 20;
    private const int Rounds = 31;

    public static IEnumerable<string> Measure(RatioOptions options)
    {
        using var inference = torch.inference_mode();
        if (options.Threads > 0)
        {
            torch.set_num_threads(options.Threads);
        }

        var results = Schedulers.All
            .Where(entry => EagerSamplers.All.ContainsKey(entry.DiffusersClass))
            .Select(entry => Measure(entry, options))
            .ToArray();
        var missing = Schedulers.All.Where(entry => !EagerSamplers.All.ContainsKey(entry.DiffusersClass)).Select(entry => entry.Name).ToArray();
        yield return SamplersJson.Line(Steps, options, results, missing);
    }

    private static SamplerResult Measure(SchedulerEntry entry, RatioOptions options)
    {
        var spec = Spec(entry);
        using var run = new CompiledRun(RuntimeCompiler.Compile(spec, CompileOptions.Default.WithCacheDirectory("")), spec);
        var table = new EagerTable(spec);
        var eager = EagerSamplers.All[entry.DiffusersClass](table);
        var error = run.ErrorAgainst(eager);
        if (!(error < 1e-4))
        {
            throw new InvalidOperationException($"{entry.Name}: compiled and eager differ by {error:E1} of the largest element; the measurement would compare two things");
        }

        var samples = Interleaved.Measure(
            [new("eager", () => run.Eager(eager).Dispose()), new("compiled", () => run.Compiled())],
            options.Rounds > 0 ? options.Rounds : Rounds,
            TimeSpan.FromMilliseconds(10),
            options.Clock);
        return new SamplerResult(entry.Name, samples[0].Median / table.Count, samples[1].Median / table.Count, samples[1].FasterThan(samples[0]), error);
    }

    /// <summary>The sampler with diffusers' defaults, on the first schedule and for the first kind of network that it takes.</summary>
    private static PipelineSpec Spec(SchedulerEntry entry)
    {
        var candidates =
            from noise in new[] { NoiseSchedule.StableDiffusion, NoiseSchedule.Cosine, NoiseSchedule.Linear }
            from prediction in new[] { PredictionType.Epsilon, PredictionType.VPrediction, PredictionType.Sample, PredictionType.Flow }
            let sampler = entry.Create(Steps).Resolve(new SchedulerConfig(noise, prediction))
            where !sampler.Check(noise, prediction).Any()
            select new PipelineSpec(sampler, noise, prediction, HasText: false, default);
        return candidates.First();
    }
}
