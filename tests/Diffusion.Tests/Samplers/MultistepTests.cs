using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Tests.Samplers;

/// <summary>What multistep samplers have in common although their papers write it differently.</summary>
public class MultistepTests
{
    private static readonly int[] AllSteps = Enumerable.Range(0, 20).ToArray();

    [Fact]
    public void DeisOfFirstOrderIsDdim()
    {
        var deis = Spec(Schedulers.Deis(10, 1), PredictionType.Epsilon);
        foreach (var step in Fusion.Fuse(Planner.Plan(deis)).Steps)
        {
            // x' = α' x̂_0 + σ' ε̂ with x̂_0 = (x − σ ε̂)/α.
            var update = step.Ops.OfType<AffineOp>().Single();
            Assert.Equal(step.Level.Alpha / step.Start.Alpha, Factor(update, Register.X), 1e-11);
            Assert.Equal(step.Level.Sigma - (step.Level.Alpha * step.Start.Ratio), Factor(update, Register.M), 1e-11);
        }
    }

    [Theory]
    [InlineData(PredictionType.Epsilon)]
    [InlineData(PredictionType.VPrediction)]
    public void DeisIsUniPCOfTheNoiseWithoutItsCorrector(PredictionType prediction)
    {
        var unipc = Schedulers.UniPC(10, 1, SolverType.Bh1).WithPredictX0(false).WithFinal(FinalSigma.SigmaMin).WithDisableCorrector(AllSteps);
        Assert.True(Difference(Spec(Schedulers.Deis(10, 1), prediction), Spec(unipc, prediction)) < 1e-9);

        // From the third step on both interpolate three outputs; UniPC's second is simplified.
        var start = Planner.Plan(Spec(Schedulers.Deis(20, 3), prediction) with { Start = 0 }).Steps[5];
        var other = Planner.Plan(Spec(unipc.WithSteps(20).WithSolverOrder(3), prediction)).Steps[5];
        Assert.Equal(Factor(Update(start), Register.History(3)), Factor(Update(other), Register.History(3)), 1e-9);
    }

    [Fact]
    public void SASolverWithoutNoiseIsUniPCOfFirstOrder()
    {
        var solver = Schedulers.SASolver(10, predictorOrder: 1, correctorOrder: 2, tau: 0);
        var unipc = Schedulers.UniPC(10, 1, SolverType.Bh1).WithFinal(FinalSigma.SigmaMin);
        Assert.False(solver.IsStochastic);
        Assert.True(Difference(Spec(solver, PredictionType.Epsilon), Spec(unipc, PredictionType.Epsilon)) < 1e-9);
        Assert.False(Difference(Spec(solver.WithTau(1), PredictionType.Epsilon), Spec(unipc, PredictionType.Epsilon)) < 1e-3);
    }

    [Fact]
    public void SASolverDrawsInEveryStepUntilTheLastNoiseThatCounts()
    {
        var plan = Planner.Plan(Spec(Schedulers.SASolver(10), PredictionType.Epsilon));
        Assert.All(plan.Steps, step => Assert.Equal(1, Draws(step)));
        Assert.Equal(
            plan.Steps.Select(step => step.From >= 200 ? 1 : 0),
            Fusion.Fuse(plan).Steps.Select(Draws));
    }

    [Theory]
    [InlineData(false, 5)]
    [InlineData(true, 9)]
    public void PndmWarmsUpFromWhereverItStarts(bool skipsRungeKutta, int evaluations)
    {
        // The listed timesteps are used up one by one, as diffusers does it: 13 or 11 less those of the steps left out.
        var spec = Spec(Schedulers.Pndm(skipsRungeKutta ? 10 : 4, skipsRungeKutta), PredictionType.Epsilon) with { Start = skipsRungeKutta ? 1 : 2 };
        var plan = Planner.Plan(spec);
        Assert.Equal(evaluations, plan.Steps.SelectMany(step => step.Ops).OfType<EvaluateOp>().Count());
        Assert.Equal(skipsRungeKutta ? 2 : 4, plan.Steps[0].Ops.OfType<EvaluateOp>().Count());
    }

    [Fact]
    public void IpndmKeepsTheMarginalsOfV()
    {
        foreach (var steps in new[] { 2, 7, 40 })
        {
            var plan = Planner.Plan(Spec(Schedulers.Ipndm(steps), PredictionType.VPrediction));
            var run = new ExactRun(plan);
            var errors = plan.Steps.Select(run.MarginalError).ToArray();

            // The first step starts from pure noise and gives no more than noise; levels are float32.
            Assert.True(errors[0] > 1e-3);
            Assert.All(errors.Skip(1), error => Assert.True(error < 1e-5));
        }
    }

    [Fact]
    public void PndmNeedsFourStepsForRungeKuttaAndRefusesSamplePrediction()
    {
        Assert.Equal("DIF0216", Assert.Single(Findings(Schedulers.Pndm(3), PredictionType.Epsilon)).Rule.Id);
        Assert.Empty(Findings(Schedulers.Pndm(3, skipPrkSteps: true), PredictionType.Epsilon));
        Assert.Equal("DIF0218", Assert.Single(Findings(Schedulers.Pndm(10), PredictionType.Sample)).Rule.Id);
        Assert.Equal("DIF0218", Assert.Single(Findings(Schedulers.Ipndm(10), PredictionType.Sample)).Rule.Id);
    }

    [Fact]
    public void OrdersOutOfRangeAreFound()
    {
        Assert.Equal("DIF0216", Assert.Single(Findings(Schedulers.Deis(10, 4), PredictionType.Epsilon)).Rule.Id);
        Assert.Equal("DIF0216", Assert.Single(Findings(Schedulers.UniPC(10, 0), PredictionType.Epsilon)).Rule.Id);
        Assert.Empty(Findings(Schedulers.UniPC(10, 6), PredictionType.Epsilon));
        Assert.Equal(2, Findings(Schedulers.SASolver(10, 5, 0), PredictionType.Epsilon).Length);
    }

    [Fact]
    public void RepeatedLevelsAreStepsOfNoLength()
    {
        // 1001 places for 1000 timesteps: one is there twice.
        foreach (var sampler in new Scheduler[] { Schedulers.Deis(1000, 3), Schedulers.UniPC(1000, 3), Schedulers.SASolver(1000, 3, 3) })
        {
            Assert.Equal(1000, Planner.Plan(Spec(sampler, PredictionType.Epsilon)).Steps.Count);
        }
    }

    private static PipelineSpec Spec(Scheduler sampler, PredictionType prediction) => SpecCases.Spec(sampler, prediction, null);

    private static Finding[] Findings(Scheduler sampler, PredictionType prediction) =>
        sampler.Resolve(SchedulerConfig.Default).Check(NoiseSchedule.Linear, prediction).ToArray();

    private static AffineOp Update(Step step) => step.Ops.OfType<AffineOp>().Last(op => op.Target == Register.X);

    private static double Factor(AffineOp op, Register source) => op.Terms.FirstOrDefault(term => term.Source == source)?.Coefficient ?? 0;

    private static int Draws(Step step) => step.Ops.Count(op => op is DrawOp or AffineOp { DrawsNoise: true });

    private static double Difference(PipelineSpec one, PipelineSpec other)
    {
        using var first = Result(one);
        using var second = Result(other);
        using var difference = (first - second).abs_().max();
        return difference.item<double>();
    }

    private static Tensor Result(PipelineSpec spec)
    {
        using var guard = torch.no_grad();
        using var initial = torch.randn(1, 1, 4, 4, generator: new torch.Generator(3), dtype: torch.ScalarType.Float64);
        using var network = new RandomNetwork();
        using var noise = new SeededNoise([1]);
        using var run = new SamplingRun(network, noise, initial.shape) { Initial = initial };
        return new PlanInterpreter(Planner.Plan(spec)).Sample(run).Select(step => step.X.clone()).Last();
    }
}
