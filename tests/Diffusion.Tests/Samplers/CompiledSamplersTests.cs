using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Emission;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using Xunit.Abstractions;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Tests.Samplers;

public class CompiledSamplersTests(ITestOutputHelper output)
{
    private static readonly CompileOptions NoCache = CompileOptions.Default.WithCacheDirectory("");

    [Fact]
    public void EveryCompiledSamplerEqualsTheInterpreter()
    {
        var worst = 0.0;
        var specs = SpecCases.All.ToArray();
        Assert.True(specs.Length > 100, "the registry is missing: " + specs.Length);
        foreach (var spec in specs)
        {
            var error = LargestStepError(spec, RuntimeCompiler.Compile(spec, NoCache));
            worst = Math.Max(worst, error);
            Assert.True(error <= 1e-6, $"{spec.Key}: emitted and interpreted differ by {error:E2}\n{Compiler.Compile(spec).Text}");
        }

        output.WriteLine($"{specs.Length} specs, largest relative difference {worst:E2}");
    }

    [Fact]
    public void FusionChangesNothingButRounding()
    {
        foreach (var spec in SpecCases.All)
        {
            var error = LargestStepError(spec, new PlanInterpreter(Fusion.Fuse(Planner.Plan(spec))), torch.ScalarType.Float64);
            Assert.True(error <= 1e-12, $"{spec.Key}: fused and unfused differ by {error:E2}\n{Fusion.Fuse(Planner.Plan(spec))}");
        }
    }

    /// <summary>
    /// The largest difference at any step, relative to the largest element that the step reads or writes: a step from σ = 157 down to 20 cannot be closer than
    /// float32 holds the 157. Each step starts from the interpreter's x.
    /// </summary>
    private static double LargestStepError(PipelineSpec spec, Sampler sampler, torch.ScalarType type = torch.ScalarType.Float32)
    {
        using var scope = torch.NewDisposeScope();
        using var guard = torch.no_grad();
        var learned = Planner.Plan(spec).Steps[0].Ops.OfType<EvaluateOp>().First().SplitVariance;
        using var initial = torch.randn(2, 3, 4, 4, generator: new torch.Generator(7), dtype: type);
        using var network = new RandomNetwork(learned);
        using var expectedNoise = new TypedNoise(type);
        using var actualNoise = new TypedNoise(type);
        using var expectedRun = new SamplingRun(network, expectedNoise, initial.shape) { Initial = initial };
        using var actualRun = new SamplingRun(network, actualNoise, initial.shape) { Initial = initial };
        var (worst, before) = (0.0, Largest(initial));
        using var actual = sampler.Sample(actualRun).GetEnumerator();
        foreach (var expected in new PlanInterpreter(Planner.Plan(spec)).Sample(expectedRun))
        {
            Assert.True(actual.MoveNext());
            Assert.Equal((expected.Index, expected.Timestep), (actual.Current.Index, actual.Current.Timestep));
            var difference = (expected.X - actual.Current.X).abs().max().to_type(torch.ScalarType.Float64).item<double>();
            var after = Largest(expected.X);
            worst = Math.Max(worst, difference / Math.Max(before, after));
            before = after;
            actual.Current.X.copy_(expected.X);
        }

        Assert.False(actual.MoveNext());
        return double.IsNaN(worst) ? double.PositiveInfinity : worst;
    }

    private static double Largest(Tensor tensor) => tensor.abs().max().to_type(torch.ScalarType.Float64).item<double>();

    private sealed class TypedNoise(torch.ScalarType type) : INoiseSource
    {
        private readonly SeededNoise _noise = new([1, 2]);

        public Tensor Draw(long[] shape)
        {
            using var drawn = _noise.Draw(shape);
            return drawn.to_type(type, copy: true);
        }

        public void Dispose() => _noise.Dispose();
    }
}
