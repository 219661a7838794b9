using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Sampling;
using Diffusion.Tests.Samplers;
using TorchSharp;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;
using static TorchSharp.torch;

namespace Diffusion.Tests.Guidance;

/// <summary>Every guider against the formulas of its paper, written by hand, at every step and element: x and the x̂_0 that is shown.</summary>
public sealed class GuiderStepTests
{
    private static readonly UnetModel Worse = new("models/worse");

    // What the network says of u, c, p and g: phases of RandomNetwork.
    private const double U = 0.3, C = 0.9, P = 1.3, G = 0.2;

    private static readonly Case[] All =
    [
        new("apg", Ddim(6, clamp: Clamp.None), [Apg(7)], at =>
        {
            at.Average = Hand.Sum((1, at.C), (-1, at.U), (-0.5, at.Average));
            return Hand.Sum((1, at.C), (6, Hand.Projected(at.Average, at.C, 0, 0)));
        }),
        new("apg as in diffusers", Ddim(6, clamp: Clamp.None), [Apg(5, eta: 0.5, momentum: -0.75, threshold: 0.8, fromUnconditional: true)], at =>
        {
            at.Average = Hand.Sum((1, at.C), (-1, at.U), (-0.75, at.Average));
            return Hand.Sum((1, at.U), (5, Hand.Projected(at.Average, at.C, 0.5, 0.8)));
        }),
        new("apg without momentum", FlowEuler(6), [Apg(4, eta: 0.2, momentum: 0, threshold: 2)], at =>
            Hand.Sum((1, at.C), (3, Hand.Projected(Hand.Sum((1, at.C), (-1, at.U)), at.C, 0.2, 2)))),
        new("apg with momentum alone", Ddim(6, clamp: Clamp.None), [Apg(4, eta: 1, momentum: -0.3)], at =>
        {
            at.Average = Hand.Sum((1, at.C), (-1, at.U), (-0.3, at.Average));
            return Hand.Sum((1, at.C), (3, at.Average));
        }),
        new("apg and pag", Ddim(6, clamp: Clamp.None), [Apg(4, momentum: 0), Pag(2)], at =>
            Hand.Sum((1, at.C), (3, Hand.Projected(Hand.Sum((1, at.C), (-1, at.U)), at.C, 0, 0)), (2, at.C), (-2, at.P))),
        new("zero star", FlowEuler(6), [CfgZero(5, zeroSteps: 2)], at => at.Step < 2 ? new double[at.C.Length] : Star(at, 5)),
        new("zero star of noise", Ddim(6, clamp: Clamp.None), [CfgZero(5, zeroSteps: 0)], at => Star(at, 5)),
        new("pag", Ddim(6, clamp: Clamp.None), [Pag(2)], at => Hand.Sum((3, at.C), (-2, at.P))),
        new("pag and cfg", Ddim(6, clamp: Clamp.None), [Cfg(4), Pag(2)], at => Hand.Sum((-3, at.U), (4, at.C), (2, at.C), (-2, at.P))),
        new("pag and cfg without c", FlowEuler(6), [Cfg(0), Pag(2)], at => Hand.Sum((1, at.U), (2, at.C), (-2, at.P))),
        new("autoguidance", FlowEuler(6), [Autoguidance(Worse, 2.5)], at => Hand.Sum((1, at.G), (2.5, Hand.Sum((1, at.C), (-1, at.G))))),
        new("autoguidance and cfg", Ddim(6, clamp: Clamp.None), [Autoguidance(Worse, 2), Cfg(4)], at => Hand.Sum((-3, at.U), (4, at.C), (1, at.C), (-1, at.G))),
        new("all, rescaled", Ddim(6, clamp: Clamp.None), [Cfg(4, rescale: 0.7), Pag(2), Autoguidance(Worse, 1.5)], at =>
            Hand.Rescaled(Hand.Sum((-3, at.U), (4, at.C), (2, at.C), (-2, at.P), (0.5, at.C), (-0.5, at.G)), at.C, 0.7)),
        new("all in a part of the steps", Ddim(6, clamp: Clamp.None), [Cfg(4), Pag(2, interval: Interval(0.5, 1)), Autoguidance(Worse, 1.5, Interval(0, 0.67))], at =>
            Hand.Sum((-3, at.U), (4, at.C), (at.Step >= 3 ? 2 : 0, Hand.Sum((1, at.C), (-1, at.P))), (at.Step < 4 ? 0.5 : 0, Hand.Sum((1, at.C), (-1, at.G))))),
    ];

    public static TheoryData<string> Names => [.. All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryStepIsThatOfThePaper(string name)
    {
        var one = All.Single(candidate => candidate.Name == name);
        Compare(one.Spec, at =>
        {
            var m = one.Guided(at);
            var clean = one.Sampler is FlowEulerScheduler
                ? Hand.Sum((1, at.X), (-at.From.Sigma, m))
                : Hand.Sum((1 / at.From.Alpha, at.X), (-at.From.Sigma / at.From.Alpha, m));
            return (Moved(one.Sampler, at, clean, m), clean);
        });
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(1)]
    [InlineData(0.25)]
    public void CfgPlusPlusPutsTheUnconditionalNoiseBack(double lambda)
    {
        Compare(Spec(Ddim(6, clamp: Clamp.None), [CfgPlusPlus(lambda)]), at =>
        {
            var clean = Hand.Sum((1 / at.From.Alpha, at.X), (-at.From.Sigma / at.From.Alpha, Hand.Sum((1 - lambda, at.U), (lambda, at.C))));
            return (Hand.Sum((at.To.Alpha, clean), (at.To.Sigma, at.U)), clean);
        });
        Compare(Spec(FlowEuler(6), [CfgPlusPlus(lambda)]), at =>
        {
            // ε = x + (1 − σ)·v, x_0 = x − σ·v.
            var clean = Hand.Sum((1, at.X), (-at.From.Sigma, Hand.Sum((1 - lambda, at.U), (lambda, at.C))));
            return (Hand.Sum((1 - at.To.Sigma, clean), (at.To.Sigma, at.X), (at.To.Sigma * (1 - at.From.Sigma), at.U)), clean);
        });
    }

    [Fact]
    public void CfgPlusPlusClampsThePictureAndNotTheNoise() => Compare(Spec(Ddim(6, clamp: Clamp.Range(0.8)), [CfgPlusPlus(0.6)]), at =>
    {
        var clean = Hand.Sum((1 / at.From.Alpha, at.X), (-at.From.Sigma / at.From.Alpha, Hand.Sum((0.4, at.U), (0.6, at.C)))).Select(value => Math.Clamp(value, -0.8, 0.8)).ToArray();
        return (Hand.Sum((at.To.Alpha, clean), (at.To.Sigma, at.U)), clean);
    });

    /// <summary>Of several evaluations the variance is that of the condition, and where the prediction is 0 it is still asked for.</summary>
    [Fact]
    public void ALearnedVarianceIsThatOfTheCondition()
    {
        Scheduler sampler = Ddpm(5, VarianceType.LearnedRange);
        Guider[][] all = [[Cfg(4), Pag(2), Autoguidance(Worse, 2)], [Pag(2)], [Apg(4)], [CfgZero(4, zeroSteps: 2), Pag(1)]];
        foreach (var guiders in all)
        {
            var spec = SpecCases.Spec(sampler, PredictionType.VPrediction, null) with { HasText = true, Guiders = guiders.ToEquatableArray() };
            using var scope = NewDisposeScope();
            var interpreted = Final(new PlanInterpreter(Planner.Plan(spec)));
            var emitted = Final(RuntimeCompiler.Compile(spec, CompileOptions.Default.WithCacheDirectory("")));

            Assert.InRange((interpreted - emitted).abs().max().item<float>() / interpreted.abs().max().item<float>(), 0, 1e-5);
        }

        static Tensor Final(Sampler sampler)
        {
            using var guard = no_grad();
            using var noise = new SeededNoise([1, 2]);
            using var run = new SamplingRun(new RandomNetwork(doubleChannels: true), noise, [2, 3, 4, 4]) { Worse = new RandomNetwork(doubleChannels: true, shift: 0.5) };
            foreach (var _ in sampler.Sample(run))
            {
            }

            return run.X.clone();
        }
    }

    private static double[] Star(At at, double scale)
    {
        var star = Hand.Aligned(at.U, at.C);
        return Hand.Sum((1, star), (scale, Hand.Sum((1, at.C), (-1, star))));
    }

    private static double[] Moved(Scheduler sampler, At at, double[] clean, double[] m) => sampler is FlowEulerScheduler
        ? Hand.Sum((1, at.X), (at.To.Sigma - at.From.Sigma, m))
        : Hand.Sum((at.To.Alpha, clean), (at.To.Sigma, m));

    /// <summary>Interpreted to the rounding of float64; compiled to that of its float32 coefficients, which large scales magnify.</summary>
    private static void Compare(PipelineSpec spec, Func<At, (double[] X, double[] Clean)> hand)
    {
        using var guard = no_grad();
        var plan = Planner.Plan(spec);
        foreach (var (sampler, tolerance) in new (Sampler, double)[] { (new PlanInterpreter(plan), 1e-12), (RuntimeCompiler.Compile(spec, CompileOptions.Default.WithCacheDirectory("")), 1e-5) })
        {
            using var scope = NewDisposeScope();
            using var random = new Generator(7);
            using var noise = new SeededNoise([1, 2]);
            var initial = randn([2, 3, 4, 4], ScalarType.Float64, generator: random);
            using var run = new SamplingRun(new RandomNetwork(), noise, initial.shape, watched: plan) { Initial = initial, Worse = new RandomNetwork(shift: G - C), PerturbedLayers = default };
            var pictures = Hand.Pictures(initial);
            var averages = pictures.Select(picture => new double[picture.Length]).ToArray();
            foreach (var step in sampler.Sample(run))
            {
                var (from, to) = (plan.Steps[step.Index].Start, plan.Steps[step.Index].Level);
                var shown = new double[pictures.Length][];
                for (var i = 0; i < pictures.Length; i++)
                {
                    var x = pictures[i];
                    var at = new At(step.Index, from, to, x, Hand.Network(x, step.Timestep, U), Hand.Network(x, step.Timestep, C), Hand.Network(x, step.Timestep, P), Hand.Network(x, step.Timestep, G)) { Average = averages[i] };
                    (pictures[i], shown[i]) = hand(at);
                    averages[i] = at.Average;
                }

                var scale = Math.Max(1, shown.Max(picture => picture.Max(Math.Abs)));
                Assert.InRange(Hand.Distance(step.X, pictures) / scale, 0, tolerance);
                Assert.InRange(Hand.Distance(step.X0!, shown) / scale, 0, tolerance);

                // Each step is compared from where the hand is.
                run.X.copy_(tensor(pictures.SelectMany(picture => picture).ToArray(), initial.shape));
            }
        }
    }

    private static PipelineSpec Spec(Scheduler sampler, Guider[] guiders) =>
        SpecCases.Spec(sampler, sampler is FlowEulerScheduler ? PredictionType.Flow : PredictionType.Epsilon, null) with { HasText = true, Guiders = guiders.ToEquatableArray() };

    private sealed record Case(string Name, Scheduler Sampler, Guider[] Guiders, Func<At, double[]> Guided)
    {
        public PipelineSpec Spec => GuiderStepTests.Spec(Sampler, Guiders);
    }

    /// <summary>Where a step is: its levels, one picture, and what the networks say of it.</summary>
    private sealed record At(int Step, NoiseLevel From, NoiseLevel To, double[] X, double[] U, double[] C, double[] P, double[] G)
    {
        public double[] Average { get; set; } = [];
    }
}
