using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;
using Xunit.Abstractions;

namespace Diffusion.Tests.Samplers;

public class LawsTests(ITestOutputHelper output)
{
    /// <summary>
    /// With an exact network a step takes x = α x0 + σ ε to the level it says it ends at: α' of the clean sample, and noise of variance σ'² in all.
    /// </summary>
    [Fact]
    public void EverySamplerKeepsTheMarginals()
    {
        var (worst, rows) = (0.0, 0);
        foreach (var spec in MarginalPreserving())
        {
            foreach (var plan in new[] { Planner.Plan(spec), Fusion.Fuse(Planner.Plan(spec)) })
            {
                var run = new ExactRun(plan);
                foreach (var step in plan.Steps)
                {
                    var error = run.MarginalError(step);
                    Assert.True(error <= 1e-11, $"{spec.Key}, {step.Label}: the marginal is off by {error:E2}\n{step}");
                    (worst, rows) = (Math.Max(worst, error), rows + 1);
                }
            }
        }

        Assert.True(rows > 1000, "too few rows were held to the law: " + rows);
        output.WriteLine($"{rows} rows, largest error {worst:E2}");
    }

    [Fact]
    public void TheLawCanFail()
    {
        var plan = Planner.Plan(SpecCases.Spec(Schedulers.Ddpm(10, VarianceType.FixedLarge, Clamp.None), PredictionType.Epsilon, null));
        var run = new ExactRun(plan);
        Assert.Contains(plan.Steps, step => run.MarginalError(step) > 1e-3);
    }

    [Fact]
    public void DdimInversionUndoesDdim()
    {
        foreach (var steps in new[] { 5, 50, 250 })
        {
            var forward = Updates(Schedulers.Ddim(steps, clamp: Clamp.None));
            var inverse = Updates(Schedulers.DdimInverse(steps, clamp: Clamp.None));
            foreach (var (from, to) in forward.Reverse().Zip(inverse))
            {
                // x → a x + b m and back is the identity for the same m.
                var (a, b) = (Factor(from, Register.X), Factor(from, Register.M));
                var (c, d) = (Factor(to, Register.X), Factor(to, Register.M));
                Assert.Equal(1, a * c, 1e-12);
                Assert.Equal(0, (c * b) + d, 1e-9);
            }
        }
    }

    [Fact]
    public void DdimWithEtaOneIsDdpmWithTheSmallVariance()
    {
        var ddim = Updates(Schedulers.Ddim(1000, eta: 1, clamp: Clamp.None));
        var ddpm = Updates(Schedulers.Ddpm(clamp: Clamp.None));
        Assert.Equal(1000, ddpm.Count);
        foreach (var (one, other) in ddim.Zip(ddpm).Take(999))
        {
            Assert.Equal(one.Noise, other.Noise, 1e-14);
            Assert.Equal(Factor(one, Register.X), Factor(other, Register.X), 1e-12);
            Assert.Equal(Factor(one, Register.M), Factor(other, Register.M), 1e-12);
        }
    }

    [Fact]
    public void TheTimestepsAndTheNoiseOfTheCourse()
    {
        Assert.Equal([975, 950, 925], Schedulers.Ddim(40).Timesteps(NoiseSchedule.Linear).Take(3));
        Assert.Equal([976, 951, 926], Schedulers.Ddim(40, stepsOffset: 1).Timesteps(NoiseSchedule.Linear).Take(3));
        Assert.Equal(0.620792, Updates(Schedulers.Ddim(40, eta: 1, clamp: Clamp.None))[0].Noise, 1e-6);
    }

    [Fact]
    public void DerivingTwiceGivesEqualTables()
    {
        foreach (var spec in SpecCases.All)
        {
            Assert.Equal(Planner.Plan(spec), Planner.Plan(spec));
            Assert.Equal(Fusion.Fuse(Planner.Plan(spec)).ToString(), Fusion.Fuse(Planner.Plan(spec)).ToString());
        }
    }

    private static IReadOnlyList<AffineOp> Updates(Scheduler sampler) =>
        Fusion.Fuse(Planner.Plan(SpecCases.Spec(sampler, PredictionType.Epsilon, null))).Steps.Select(step => step.Ops.OfType<AffineOp>().Single()).ToArray();

    private static double Factor(AffineOp op, Register source) => op.Terms.FirstOrDefault(term => term.Source == source)?.Coefficient ?? 0;

    private static IEnumerable<PipelineSpec> MarginalPreserving() =>
        from entry in Schedulers.All
        where entry.MarginalException is null
        from steps in new[] { 1, 7, 40 }
        from spacing in new[] { TimestepSpacing.Leading, TimestepSpacing.Trailing, TimestepSpacing.Linspace }
        from prediction in SpecCases.Predictions
        from sampler in SpecCases.Variations(SpecCases.Said(entry.Create(steps), "WithSpacing", spacing))
        let unclamped = SpecCases.Said(sampler, "WithClamp", Clamp.None)
        where SpecCases.KeepsMarginals(unclamped, prediction) && SpecCases.IsValid(unclamped, prediction)
        select SpecCases.Spec(unclamped, prediction, null);
}
