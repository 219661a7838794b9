using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;
using Diffusion.Tests.Samplers;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Guidance;

/// <summary>What guiders are where their numbers are neutral, and what they have in common: told by the plans alone.</summary>
public sealed class GuiderLawsTests
{
    private static readonly UnetModel Other = new("models/worse");

    private static readonly Scheduler[] WithPictureAndNoise = [Ddim(10, clamp: Clamp.None), Euler(10), Euler(10, SigmaSchedule.Karras()), EdmEuler(10), FlowEuler(10)];

    public static TheoryData<string> Samplers => [.. WithPictureAndNoise.Select(sampler => sampler.ToString())];

    [Fact]
    public void NeutralNumbersChangeNothing()
    {
        var plain = Steps(Ddim(8));
        Guider[][] neutral =
        [
            [Cfg(1)], [Apg(1)], [Apg(1, eta: 0.5, threshold: 3, fromUnconditional: true)], [CfgZero(1, zeroSteps: 0)], [Pag(0)], [Autoguidance(Other, 1)],
            [Cfg(1), Pag(0), Autoguidance(Other, 1)], [Pag(3, interval: Interval(0, 0.01))],
        ];
        Assert.All(neutral, guiders => Assert.Equal(plain, Steps(Ddim(8), guiders)));
    }

    [Fact]
    public void AddedToOthersTheyChangeNothingEither()
    {
        Assert.Equal(Steps(Heun(8), Cfg(5, rescale: 0.7)), Steps(Heun(8), Cfg(5, rescale: 0.7), Pag(0), Autoguidance(Other, 1)));
        Assert.Equal(Steps(Ddim(8), Apg(5)), Steps(Ddim(8), Pag(0), Apg(5)));
    }

    [Theory]
    [InlineData(7.5, false)]
    [InlineData(0, false)]
    [InlineData(-2, true)]
    [InlineData(3, true)]
    public void ApgThatKeepsEverythingIsCfg(double scale, bool fromUnconditional) => Assert.Equal(
        Steps(DpmSolver(8), Cfg(scale)),
        Steps(DpmSolver(8), Apg(scale, eta: 1, momentum: 0, threshold: 0, fromUnconditional)));

    [Theory]
    [MemberData(nameof(Samplers))]
    public void CfgPlusPlusOfTheUnconditionalPictureIsTheUnconditionalSampler(string name) => Same(Rows(Sampler(name), Cfg(0)), Rows(Sampler(name), CfgPlusPlus(0)));

    /// <summary>CFG++ is Cfg with the scale λ/(1 − (σ′/α′)/(σ/α)) at each step.</summary>
    [Theory]
    [MemberData(nameof(Samplers))]
    public void CfgPlusPlusIsCfgWithAScaleOfEachStep(string name)
    {
        const double Lambda = 0.6;
        var sampler = Sampler(name);
        var steps = Planner.Plan(Spec(sampler)).Steps;
        var ours = Rows(sampler, CfgPlusPlus(Lambda));
        var scales = steps.Select(step => Lambda / (1 - (step.Level.Ratio / step.Start.Ratio))).ToArray();

        Same([.. scales.Select((scale, i) => Rows(sampler, Cfg(scale))[i])], ours);
        Assert.Equal(Lambda, scales[^1]);
        Assert.True(scales.Max() > 1.3 * Lambda, "the largest scale is " + scales.Max());
    }

    /// <summary>Where both predictions are equal there is no guidance: the weights of u and c add up to that of m.</summary>
    [Theory]
    [MemberData(nameof(Samplers))]
    public void EqualPredictionsAreNotGuided(string name)
    {
        var plain = Rows(Sampler(name)).Select(row => (X: row["x"], M: row["m"])).ToArray();
        Guider[][] all = [[Cfg(4)], [CfgPlusPlus(0.3)], [CfgPlusPlus(1)], [Cfg(4), Pag(2)], [Pag(2), Autoguidance(Other, 3)], [Cfg(0), Pag(2), Autoguidance(Other, 3)], [CfgPlusPlus(0.5), Pag(1)]];
        foreach (var guiders in all)
        {
            var rows = Rows(Sampler(name), guiders);
            for (var i = 0; i < rows.Length; i++)
            {
                Assert.Equal(plain[i].X, rows[i]["x"], 1e-9 * Math.Max(1, Math.Abs(plain[i].X)));
                Assert.Equal(plain[i].M, rows[i].Where(term => term.Key != "x").Sum(term => term.Value), 1e-9 * Math.Max(1, Math.Abs(plain[i].M)));
            }
        }
    }

    [Fact]
    public void GuidersAskForAsManyRowsAsTheyCompare()
    {
        Assert.Equal(8, Rows(8, Pag(0)));
        Assert.Equal(16, Rows(8, Apg(5)));
        Assert.Equal(16, Rows(8, Pag(2)));
        Assert.Equal(8 + 8 + 8, Rows(8, Cfg(5), Pag(2)));
        Assert.Equal(8 + 8 + 8 + 8, Rows(8, Cfg(5), Pag(2), Autoguidance(Other, 2)));
        Assert.Equal(8, Rows(8, CfgPlusPlus(0)));
        Assert.Equal(7 * 2, Planner.Plan(Spec(FlowEuler(8), CfgZero(5)) with { Prediction = PredictionType.Flow }).NetworkRows);

        static int Rows(int steps, params Guider[] guiders) => Planner.Plan(Spec(Ddim(steps), guiders)).NetworkRows;
    }

    [Fact]
    public void TheKeyOfAPipelineHoldsNoModel()
    {
        var pipeline = Pipeline.From(new UnetModel("models/net")).Scheduler(Ddim(8)).Guidance(Autoguidance(Other, 2));
        var unknown = new ModelFacts(null, null, null, null);

        Assert.Contains("Autoguidance(\"models/worse\".Unet, 2)", pipeline.ToString());
        Assert.EndsWith(" epsilon Autoguidance(2)", Resolution.Spec(pipeline, unknown).Key);
        Assert.Equal(Resolution.Spec(pipeline, unknown).Key, Resolution.Spec(pipeline.WithGuiders(Autoguidance(Other.WithSubfolder("other"), 2)), unknown).Key);
    }

    private static EquatableArray<Step> Steps(Scheduler sampler, params Guider[] guiders) => Planner.Plan(Spec(sampler, guiders)).Steps;

    private static Scheduler Sampler(string name) => WithPictureAndNoise.Single(sampler => sampler.ToString() == name);

    private static PipelineSpec Spec(Scheduler sampler, params Guider[] guiders) => SpecCases.Spec(sampler, PredictionType.Epsilon, null) with { HasText = true, Guiders = guiders.ToEquatableArray() };

    /// <summary>The weights of the fused update of each step.</summary>
    private static Dictionary<string, double>[] Rows(Scheduler sampler, params Guider[] guiders) =>
        [.. Fusion.Fuse(Planner.Plan(Spec(sampler, guiders))).Steps.Select(step => step.Ops.OfType<AffineOp>().Single().Terms.ToDictionary(term => term.Source.Name, term => term.Coefficient))];

    private static void Same(Dictionary<string, double>[] expected, Dictionary<string, double>[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.All(one.Keys.Union(other.Keys), key => Assert.Equal(one.GetValueOrDefault(key), other.GetValueOrDefault(key), 1e-9 * Math.Max(1, Math.Abs(one.GetValueOrDefault(key)))));
        }
    }
}
