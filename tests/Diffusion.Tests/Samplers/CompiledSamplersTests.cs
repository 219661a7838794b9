using System;
using System.Collections.Generic;
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

    /// <summary>
    /// To 1e-6 of the largest element that a step reads or writes. Where the step itself magnifies the rounding of its float32 intermediates (Heun divides by a
    /// σ far below the one it starts from, guidance subtracts large multiples), emitted and interpreted may be further apart, but then the emitted one must be as
    /// close to the float64 result as the interpreted one is, up to a factor of 4.
    /// </summary>
    [Fact]
    public void EveryCompiledSamplerEqualsTheInterpreter()
    {
        var (worst, magnified) = (0.0, 0);
        var specs = SpecCases.All.ToArray();
        Assert.True(specs.Length > 100, "the registry is missing: " + specs.Length);
        foreach (var spec in specs)
        {
            var plan = Planner.Plan(spec);
            using var exact = new Track(plan, new PlanInterpreter(plan), torch.ScalarType.Float64);
            using var interpreted = new Track(plan, new PlanInterpreter(plan), torch.ScalarType.Float32);
            using var emitted = new Track(plan, RuntimeCompiler.Compile(spec, NoCache), torch.ScalarType.Float32);
            foreach (var step in plan.Steps)
            {
                var before = Largest(exact.X);
                Assert.Equal(exact.Next(), interpreted.Next());
                Assert.Equal(interpreted.Last, emitted.Next());
                var scale = Math.Max(before, Largest(exact.X));
                var error = Distance(emitted.X, interpreted.X) / scale;
                if (error > 1e-6)
                {
                    magnified++;
                    var (ours, oracle) = (Distance(emitted.X, exact.X) / scale, Distance(interpreted.X, exact.X) / scale);
                    Assert.True(ours <= 1e-6 + (4 * oracle), $"{spec.Key}, {step.Label}: emitted is off by {ours:E2}, interpreted by {oracle:E2}\n{Compiler.Compile(spec).Text}");
                }
                else
                {
                    worst = Math.Max(worst, error);
                }

                interpreted.X.copy_(exact.X);
                emitted.X.copy_(exact.X);
                exact.X.copy_(emitted.X);
            }

            Assert.False(emitted.MoveNext());
        }

        output.WriteLine($"{specs.Length} specs, largest relative difference {worst:E2}; {magnified} steps magnify rounding beyond 1e-6");
    }

    [Fact]
    public void FusionChangesNothingButRounding()
    {
        foreach (var spec in SpecCases.All)
        {
            var plan = Planner.Plan(spec);
            using var unfused = new Track(plan, new PlanInterpreter(plan), torch.ScalarType.Float64);
            using var fused = new Track(plan, new PlanInterpreter(Fusion.Fuse(plan)), torch.ScalarType.Float64);
            foreach (var step in plan.Steps)
            {
                var before = Largest(unfused.X);
                Assert.Equal(unfused.Next(), fused.Next());
                var error = Distance(fused.X, unfused.X) / Math.Max(before, Largest(unfused.X));
                Assert.True(error <= 1e-12, $"{spec.Key}, {step.Label}: fused and unfused differ by {error:E2}\n{Fusion.Fuse(plan)}");
                fused.X.copy_(unfused.X);
            }
        }
    }

    private static double Distance(Tensor one, Tensor other)
    {
        using var scope = torch.NewDisposeScope();
        var difference = (one.to_type(torch.ScalarType.Float64) - other.to_type(torch.ScalarType.Float64)).abs().max().item<double>();
        return double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }

    private static double Largest(Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.abs().max().to_type(torch.ScalarType.Float64).item<double>();
    }

    /// <summary>One sampler on its way, from the same x and the same noise as every other of its plan.</summary>
    private sealed class Track : IDisposable
    {
        private readonly IDisposable _guard = torch.no_grad();
        private readonly Tensor _initial;
        private readonly RandomNetwork _network;
        private readonly TypedNoise _noise;
        private readonly SamplingRun _run;
        private readonly IEnumerator<SamplingStep> _steps;

        public Track(PipelinePlan plan, Sampler sampler, torch.ScalarType type)
        {
            using var generator = new torch.Generator(7);
            using var drawn = torch.randn(2, 3, 4, 4, generator: generator);
            _initial = drawn.to_type(type, copy: true);
            var splits = plan.Steps[0].Ops.OfType<EvaluateOp>().First().SplitVariance;
            _network = new RandomNetwork(splits);
            _noise = new TypedNoise(type);
            _run = new SamplingRun(_network, _noise, _initial.shape) { Initial = _initial, Worse = new RandomNetwork(splits, shift: -0.7) };
            _steps = sampler.Sample(_run).GetEnumerator();
        }

        public Tensor X => Last.Index < 0 ? _initial : _run.X;

        public (int Index, double Timestep) Last { get; private set; } = (-1, 0);

        public bool MoveNext() => _steps.MoveNext();

        public (int Index, double Timestep) Next()
        {
            Assert.True(MoveNext());
            return Last = (_steps.Current.Index, _steps.Current.Timestep);
        }

        public void Dispose()
        {
            _steps.Dispose();
            _run.Dispose();
            _noise.Dispose();
            _initial.Dispose();
            _guard.Dispose();
        }
    }

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
