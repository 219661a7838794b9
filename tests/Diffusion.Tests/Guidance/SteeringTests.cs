using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using Diffusion.Tests.Models;
using TorchSharp;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;
using static TorchSharp.torch;

namespace Diffusion.Tests.Guidance;

/// <summary>Guidance by gradients: its numbers, and that it leaves the prediction alone.</summary>
public sealed class SteeringTests
{
    private const double P = 1.25;
    private const double Q = -0.75;

    private static readonly CompileOptions Options = CompileOptions.Default.WithCacheDirectory("");

    private static readonly Func<Tensor, double, Tensor> Square = (x0, _) => x0.square().sum([1, 2, 3]);

    [Fact]
    public void WithoutTheNetworkTheGradientIsThatOfTheFormula()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1);
        var (x, m) = (randn([2, 3, 4, 4], ScalarType.Float64, generator: random), randn([2, 3, 4, 4], ScalarType.Float64, generator: random));
        var (moved, held) = (x.clone(), m.clone());
        using var run = Run(Loss(Square, 0.5), new Sine());
        run.Steer(0, moved, held, P, Q, [0.5]);

        // ∇_x Σ (p·x + q·m)² = 2 p (p·x + q·m)
        var expected = x - (0.5 * 2 * P * ((P * x) + (Q * m)));
        Assert.InRange((moved - expected).abs().max().item<double>(), 0, 1e-14);
        Assert.True(held.equal(m).all().item<bool>());
    }

    [Fact]
    public void ThroughTheNetworkItIsWhatFiniteDifferencesGive()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(2);
        using var model = UNet2DModel.FromConfig(TinyUNet.Config, seed: 3, dtype: ScalarType.Float64);
        SteeringLoader.Freeze(model);
        var network = new Exact(model);
        var x = randn([1, 1, 8, 8], ScalarType.Float64, generator: random);
        using var run = Run(Loss(Square, 1).WithThroughNetwork(), network);
        using (no_grad())
        {
            var moved = x.clone();
            using var m = run.Evaluate(x, 500, tracked: true);
            run.Steer(0, moved, m, P, Q, [1], through: 1);
            var gradient = x - moved;
            foreach (var place in new[] { 0, 9, 27, 63 })
            {
                var step = zeros_like(x);
                step.view(-1)[place] = 1e-5;
                var slope = (Value(x + step) - Value(x - step)) / 2e-5;
                Assert.InRange(Math.Abs(slope - gradient.view(-1)[place].item<double>()), 0, 1e-7 * Math.Max(1, Math.Abs(slope)));
            }
        }

        double Value(Tensor at) => ((P * at) + (Q * network.Predict(at, 500, Conditioning.Conditional))).square().sum().item<double>();
    }

    [Fact]
    public void BothHalvesOfGuidanceArePassed()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var x = linspace(-1, 1, 16, ScalarType.Float64).view(1, 1, 4, 4);
        using var run = Run(Loss(Square, 1).WithThroughNetwork(), new Sine());
        var moved = x.clone();
        using var both = run.EvaluateBoth(x, 10, tracked: true);
        var m = (-2 * both.U) + (3 * both.C);
        run.Steer(0, moved, m, P, Q, [1], through: 3);

        // u = sin x, c = 2 sin x: m = 4 sin x, ∂m/∂x = 4 cos x
        var clean = (P * x) + (Q * 4 * x.sin());
        Assert.InRange((x - moved - (2 * clean * (P + (Q * 4 * x.cos())))).abs().max().item<double>(), 0, 1e-12);
    }

    [Fact]
    public void ThePredictionIsNeverTouched()
    {
        using var scope = NewDisposeScope();
        var seen = new Sine();
        using var with = Pipeline.From(Unet).Scheduler(Ddim(4)).Guidance(Loss(Square, 3)).Compile(Options).Load(seen);
        with.Generate(1, seed: 5);
        Assert.Equal(4, seen.Outputs.Count);
        Assert.All(seen.Outputs, output => Assert.True(output.Before.equal(output.Given).all().item<bool>()));
    }

    // Dhariwal and Nichol, algorithm 2, by hand: ε̂ = ε + √(1 − ᾱ)·s·∇_x L with ∇_x L = 2 x̂_0/√ᾱ, then DDIM's step.
    [Fact]
    public void InTheOtherConventionTheNoiseTakesTheGradient()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        const double scale = 0.02;
        var loss = Loss(Square, scale).WithChangesNoise();
        var plan = Planner.Plan(PipelineCompiler.Resolve(Pipeline.From(Unet).Scheduler(Ddim(4, clamp: new NoClamp())).Guidance(loss)).Spec);
        var curve = NoiseCurve.Of(NoiseSchedule.Linear);
        using var seen = new Sine();
        using var run = Run(loss, seen);
        var (x, worst) = (new SeededNoise([0]).Draw([1, 3, 4, 4]).to(ScalarType.Float64), 0.0);
        foreach (var step in new PlanInterpreter(plan).Sample(run))
        {
            var (level, next) = (curve.AlphaBar((int)step.Timestep), step.Timestep >= 250 ? curve.AlphaBar((int)step.Timestep - 250) : 1);
            var clean = (x - (Math.Sqrt(1 - level) * x.sin())) / Math.Sqrt(level);
            var noise = x.sin() + (Math.Sqrt(1 - level) * scale * 2 / Math.Sqrt(level) * clean);
            x = (Math.Sqrt(next / level) * (x - (Math.Sqrt(1 - level) * noise))) + (Math.Sqrt(1 - next) * noise);
            worst = Math.Max(worst, ((step.X - x).abs().max() / x.abs().max()).item<double>());
        }

        Assert.InRange(worst, 0, 1e-5);
        Assert.All(seen.Outputs, output => Assert.True(output.Before.equal(output.Given).all().item<bool>()));
    }

    // δx̂_0 = −(σ/α)·δε with δε = σ·s·∇L, whatever is predicted and in which units x is held.
    [Theory]
    [InlineData(PredictionType.Epsilon)]
    [InlineData(PredictionType.Sample)]
    [InlineData(PredictionType.VPrediction)]
    public void TheNoiseChangesByTheSameWhateverIsPredicted(PredictionType prediction)
    {
        foreach (var sampler in new Scheduler[] { Ddim(5, clamp: new NoClamp()), Euler(5), Heun(3) })
        {
            var spec = PipelineCompiler.Resolve(Pipeline.From(Unet).Prediction(prediction).Scheduler(sampler).Guidance(Color(1, 0, 0, 10).WithChangesNoise())).Spec;
            foreach (var ops in Planner.Plan(spec).Steps.Select(step => step.Ops))
            {
                foreach (var (steer, at) in ops.Select((op, i) => (op as SteerOp, i)).Where(pair => pair.Item1 is not null))
                {
                    var level = ops.Take(at).OfType<EvaluateOp>().Last().Level;
                    Assert.Equal(10 * level.Sigma * level.Sigma / level.Alpha, steer!.Q * steer.Factors[0], 1e-9 * level.Sigma * level.Sigma / level.Alpha);
                }
            }
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void EmittedCodeAndTheInterpreterAgree(bool throughNetwork, bool changesNoise)
    {
        foreach (var sampler in new Scheduler[] { Ddpm(4), Heun(3), UniPC(4) })
        {
            var pipeline = Pipeline.From(Unet).Scheduler(sampler).Guidance(Color(0.1, 0.9, 0.5, 4, ScaleSchedule.SqrtAlphaBar).WithChangesNoise(changesNoise), Loss(Square, 0.01, throughNetwork: throughNetwork));
            using var compiled = pipeline.Compile(Options).Load(new Sine());
            using var interpreted = pipeline.Compile(Options.WithMode(CompileMode.Interpreter)).Load(new Sine());
            using var plain = pipeline.WithGuiders().Compile(Options).Load(new Sine());
            var (one, other) = (compiled.Generate(2, seed: 3), interpreted.Generate(2, seed: 3));
            Assert.Equal(one[0].Pixels.ToArray(), other[0].Pixels.ToArray());
            Assert.NotEqual(one[0], plain.Generate(1, seed: 3)[0]);
        }
    }

    [Fact]
    public void APictureIsTheSameAloneAndInABatch()
    {
        using var run = Pipeline.From(Unet).Scheduler(Ddim(4)).Guidance(Color(0.9, 0.1, 0.5, 20)).Compile(Options).Load(new Sine());
        Assert.Equal(run.Generate(3, seed: 1)[2], run.Generate(1, seed: 3)[0]);
    }

    [Fact]
    public void TheColourIsApproached()
    {
        using var plain = Pipeline.From(Unet).Scheduler(Ddim(20)).Compile(Options).Load(new Noise());
        using var guided = Pipeline.From(Unet).Scheduler(Ddim(20)).Guidance(Color(0.1, 0.9, 0.5, 20)).Compile(Options).Load(new Noise());
        var (before, after) = (Distance(plain.Generate(2, seed: 0)), Distance(guided.Generate(2, seed: 0)));
        Assert.True(after < 0.5 * before, $"{before} became {after}");

        static double Distance(IReadOnlyList<Diffusion.Runtime.Image> pictures) =>
            pictures.Average(picture => picture.Pixels.ToArray().Select((value, i) => Math.Abs((value / 255.0) - new[] { 0.1, 0.9, 0.5 }[i % 3])).Average());
    }

    [Fact]
    public void TheCoursesMeanOverTheBatchDividesByThePictures()
    {
        using var scope = NewDisposeScope();
        var (x, m) = (ones(4, 3, 2, 2), zeros(4, 3, 2, 2));
        var (mine, theirs) = (x.clone(), x.clone());
        using var run = Run(Loss(Square, 1), new Sine(), pictures: 4);
        run.Steer(0, mine, m, 1, 0, [1]);
        using var course = Run(Loss(Square, 1).AsInCourse(), new Sine(), pictures: 4);
        course.Steer(0, theirs, m, 1, 0, [1]);
        Assert.InRange(((x - mine) - (4 * (x - theirs))).abs().max().item<float>(), 0, 1e-6);
    }

    [Fact]
    public void AGradientThatPassesTheClampIsZeroWhereItCuts()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { -3f, 0.5f, 2f, 0.25f }).view(1, 1, 2, 2);
        var moved = x.clone();
        using var run = Run(Loss(Square, 1).WithErrata(GuidanceErrata.PassesClamp), new Sine());
        run.Steer(0, moved, zeros_like(x), 1, 0, [1], limit: 1);
        Assert.Equal([0f, 1, 0, 0.5f], (x - moved).data<float>().ToArray());
        var step = run.Step(0, 1, moved);
        Assert.Equal(0.5, Assert.Single(step.Steering).ClampedShare);
    }

    [Fact]
    public void ScalesFollowTheNoiseLevel()
    {
        var factors = Factors(ScaleSchedule.SqrtAlphaBar, Ddim(4, clamp: new NoClamp()));
        var curve = NoiseCurve.Of(NoiseSchedule.Linear);
        Assert.Equal(new[] { 750, 500, 250, 0 }.Select(t => 10 * Math.Sqrt(curve.AlphaBar(t))), factors, (one, other) => Math.Abs(one - other) < 1e-6);
        Assert.Equal(Enumerable.Range(0, 4).Select(i => 10 * Math.Sqrt(curve.AlphaBar(i))), Factors(ScaleSchedule.SqrtAlphaBar.AsInCourse(), Ddim(4)), (one, other) => Math.Abs(one - other) < 1e-6);
        Assert.Equal([0, 5, 10, 5, 0], Factors(ScaleSchedule.Points(0, 1, 0), Ddim(5)));
    }

    [Fact]
    public void WrongLossesAreNamed()
    {
        Assert.Contains("Func<Tensor, double, Tensor>", Refused(Loss((Func<int>)(() => 1))), StringComparison.Ordinal);
        Assert.Contains("does not depend on x0", Refused(Loss((Tensor _, double _) => zeros(1))), StringComparison.Ordinal);
        Assert.Contains("not finite at step 1", Refused(Loss((Tensor x0, double _) => (x0 / 0).sum())), StringComparison.Ordinal);
        Assert.Contains("one number for each picture", Refused(Loss((Tensor x0, double _) => x0)), StringComparison.Ordinal);
        Assert.Contains("names the model 'nowhere'", Refused(Clip("nowhere", "a rose")), StringComparison.Ordinal);

        static string Refused(Guider guider)
        {
            var error = Assert.Throws<DiffusionException>(() =>
            {
                using var run = Pipeline.From(Unet).Scheduler(Ddim(2)).Guidance(guider).Compile(Options).Load(new Sine());
                run.Generate();
            });
            Assert.Equal("DIF0312", error.Id);
            return error.Message;
        }
    }

    [Fact]
    public void GuidersSayThemselves()
    {
        Assert.Equal("Color(0.1, 0.9, 0.5, scale: 40)", Color(0.1, 0.9, 0.5).ToString());
        Assert.Equal("Clip(\"a rose\", scale: 100, cuts: 4, schedule: SqrtAlphaBar, throughNetwork: true)", Clip("a rose", schedule: ScaleSchedule.SqrtAlphaBar, throughNetwork: true).ToString());
        Assert.Equal("Color(0, 0, 1, scale: 3, changesNoise: true)", Color(0, 0, 1, 3).WithChangesNoise().ToString());
        Assert.Equal("Loss(\"edges\", scale: 2)", Loss(Square, 2, "edges").ToString());
        Assert.Equal("Clip(\"file rose.png\", scale: 5, cuts: 1)", ClipPicture("rose.png", 5, 1).ToString());
    }

    private static UnetModel Unet => UnetModel.Custom("a sine", new UnetFacts(3, 3, 4, 4));

    private static double[] Factors(ScaleSchedule schedule, Scheduler sampler)
    {
        var spec = PipelineCompiler.Resolve(Pipeline.From(Unet).Scheduler(sampler).Guidance(Color(1, 0, 0, 10, schedule))).Spec;
        return [.. Planner.Plan(spec).Steps.SelectMany(step => step.Ops).OfType<SteerOp>().Select(steer => steer.Factors[0])];
    }

    private static SamplingRun Run(LossGuidance loss, INetwork network, int pictures = 1) => new(network, new SeededNoise([0]), [pictures, 3, 4, 4])
    {
        Steering = new Steering([(loss, new FunctionLoss(loss))], decode: null, [.. Enumerable.Range(0, pictures).Select(i => (long)i)]),
    };

    // m = sin x, for the conditional half twice as much; it remembers what it gave.
    private sealed class Sine : INetwork
    {
        public List<(Tensor Before, Tensor Given)> Outputs { get; } = [];

        public void Prepare(IReadOnlyList<double> timesteps)
        {
        }

        public Tensor Predict(Tensor x, double timestep, Conditioning conditioning)
        {
            var sine = x.sin();
            var output = conditioning == Conditioning.Both ? cat([sine, 2 * sine], 0) : sine;
            if (!is_grad_enabled())
                Outputs.Add((output.clone().DetachFromDisposeScope(), output.alias().DetachFromDisposeScope()));
            return output;
        }

        public void Dispose() => Outputs.ForEach(output =>
        {
            output.Before.Dispose();
            output.Given.Dispose();
        });
    }

    // Everything is noise: x̂_0 is gray.
    private sealed class Noise : INetwork
    {
        public void Prepare(IReadOnlyList<double> timesteps)
        {
        }

        public Tensor Predict(Tensor x, double timestep, Conditioning conditioning) => x.clone();

        public void Dispose()
        {
        }
    }

    // In float64 all the way.
    private sealed class Exact(UNet2DModel model) : INetwork
    {
        public void Prepare(IReadOnlyList<double> timesteps)
        {
        }

        public Tensor Predict(Tensor x, double timestep, Conditioning conditioning) => model.call(x, tensor(timestep, dtype: ScalarType.Float64), null);

        public void Dispose()
        {
        }
    }
}
