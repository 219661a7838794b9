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

    // float32 over twenty steps, relative to the largest element of the result.
    private const double LargestError = 1e-4;

    public static IEnumerable<string> Measure(RatioOptions options)
    {
        using var inference = torch.inference_mode();
        if (options.Threads > 0)
        {
            torch.set_num_threads(options.Threads);
        }

        var pairs = Schedulers.All.Where(entry => EagerSamplers.All.ContainsKey(entry.DiffusersClass)).Select(Pair).ToArray();
        var wrong = pairs.Where(pair => !(pair.Error < LargestError)).Select(pair => $"{pair.Name} by {pair.Error:E1}").ToArray();
        if (wrong.Length > 0)
        {
            throw new InvalidOperationException("compiled and eager differ, relative to the largest element; the measurement would compare two things: " + string.Join(", ", wrong));
        }

        var results = pairs.Select(pair => Measure(pair, options)).ToArray();
        Array.ForEach(pairs, pair => pair.Run.Dispose());
        var missing = Schedulers.All.Where(entry => !EagerSamplers.All.ContainsKey(entry.DiffusersClass)).Select(entry => entry.Name).ToArray();
        yield return SamplersJson.Line(Steps, options, results, missing);
    }

    private static SamplerPair Pair(SchedulerEntry entry)
    {
        var spec = Spec(entry);
        var run = new CompiledRun(RuntimeCompiler.Compile(spec, CompileOptions.Default.WithCacheDirectory("")), spec);
        var table = new EagerTable(spec);
        var eager = EagerSamplers.All[entry.DiffusersClass](table);
        return new SamplerPair(entry.Name, table.Count, run, eager, run.ErrorAgainst(eager));
    }

    private static SamplerResult Measure(SamplerPair pair, RatioOptions options)
    {
        var samples = Interleaved.Measure(
            [new("eager", () => pair.Run.Eager(pair.Eager).Dispose()), new("compiled", () => pair.Run.Compiled())],
            options.Rounds > 0 ? options.Rounds : Rounds,
            TimeSpan.FromMilliseconds(10),
            options.Clock);
        return new SamplerResult(pair.Name, samples[0].Median / pair.Steps, samples[1].Median / pair.Steps, samples[1].FasterThan(samples[0]), pair.Error);
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
