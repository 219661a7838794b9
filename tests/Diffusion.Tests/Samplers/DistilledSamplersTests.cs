using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Samplers;

/// <summary>What holds for the samplers of distilled networks and for unCLIP's, beside what is recorded of diffusers.</summary>
public class DistilledSamplersTests
{
    [Fact]
    public void TheTimestepsAreEvenPlacesOfTheGridOfDistillation()
    {
        Assert.Equal([999, 759, 499, 259], Lcm(4).Timesteps(NoiseSchedule.StableDiffusion));
        Assert.Equal([499, 379, 259, 139], Lcm(4, strength: 0.5).Timesteps(NoiseSchedule.StableDiffusion));
        Assert.Equal([999, 799, 599, 399, 199], Tcd(5).Timesteps(NoiseSchedule.StableDiffusion));
        Assert.Equal([999, 749, 499, 249], Tcd(4, originalInferenceSteps: 50).Timesteps(NoiseSchedule.StableDiffusion));
        Assert.Equal([500, 20], Lcm().WithCustomTimesteps(900, 700, 500, 20).WithStrength(0.5).Timesteps(NoiseSchedule.StableDiffusion));
    }

    [Fact]
    public void MoreStepsThanTheGridLeavesAreAFinding()
    {
        Assert.Equal(["DIF0216"], Ids(Lcm(51)));
        Assert.Equal(["DIF0216"], Ids(Lcm(26, strength: 0.5)));
        Assert.Equal(["DIF0216"], Ids(Tcd(51)));
        Assert.Equal(["DIF0216"], Ids(Tcd(8, originalInferenceSteps: 7)));
        Assert.Equal(["DIF0216"], Ids(Lcm().WithCustomTimesteps(900, 20).WithStrength(0.1)));
        Assert.Equal(["DIF0207"], Ids(Tcd().WithCustomTimesteps(20, 900)));
        Assert.Empty(Ids(Lcm(25, strength: 0.5)));
        Assert.Empty(Ids(Lcm(100, originalInferenceSteps: 100)));
    }

    [Fact]
    public void TcdWithoutNoiseIsDdim()
    {
        int[] timesteps = [999, 799, 599, 399];
        var tcd = Rows(Tcd(eta: 0).WithCustomTimesteps(timesteps));
        var ddim = Rows(Ddim(clamp: Clamp.None).WithCustomTimesteps(timesteps));
        Assert.Equal(ddim.SkipLast(1), tcd.SkipLast(1));
        Assert.Equal(NoiseLevel.OfAlphaBar(NoiseSchedule.Linear.Curve().AlphaBar(0)), tcd[^1].Level);
    }

    [Fact]
    public void TheLastStepOfAConsistencyModelAddsNextToNothing()
    {
        var table = ConsistencyModel(4).Derive(NoiseSchedule.Linear.WithTrainTimesteps(40), PredictionType.Epsilon);
        Assert.Equal(80, table.InitialNoiseSigma);
        Assert.Equal(["t = 39 → 29", "t = 29 → 19", "t = 19 → 9", "t = 9 → clean"], table.Steps.Select(step => step.Label));
        Assert.InRange(table.Steps[^1].Ops.OfType<AffineOp>().Single().Noise, 0, 1e-6);
        Assert.False(ConsistencyModel(1).Derive(NoiseSchedule.Linear, PredictionType.Epsilon).Steps[0].Ops.OfType<AffineOp>().Single().DrawsNoise);
    }

    [Fact]
    public void UnClipKeepsTheMarginalsAsFarAsFloat32DoesWhereverAStepEnds()
    {
        foreach (var sampler in new[] { UnClip(25), UnClip(25, toNextTimestep: true), UnClip(3).WithPrevTimestep(700, 200, -1), UnClip(1000) })
        {
            var plan = Planner.Plan(SpecCases.Spec(sampler.WithClamp(Clamp.None), PredictionType.Sample, null));
            var run = new ExactRun(plan);
            Assert.All(plan.Steps, step => Assert.InRange(run.MarginalError(step), 0, 2e-3));
        }
    }

    [Fact]
    public void UnClipHasItsOwnNoise()
    {
        Assert.Equal(UnClip(5).Derive(NoiseSchedule.Cosine, PredictionType.Epsilon), UnClip(5).Derive(NoiseSchedule.StableDiffusion, PredictionType.Epsilon));
        Assert.Equal(UnClip(5).LevelAt(NoiseSchedule.Cosine, 300), UnClip(5).LevelAt(NoiseSchedule.Linear, 300));
        Assert.Equal([999, 749, 500, 250, 0], UnClip(5).Timesteps(NoiseSchedule.Linear));
        Assert.Equal(["t = 999 → 749", "t = 749 → 500", "t = 500 → 250", "t = 250 → 0", "t = 0 → clean"], Rows(UnClip(5, toNextTimestep: true)).Select(step => step.Label));
    }

    [Fact]
    public void UnClipRefusesWhatDiffusersRefuses()
    {
        Assert.Equal(["DIF0218"], Ids(UnClip(5), PredictionType.VPrediction));
        Assert.Equal(["DIF0210"], Ids(UnClip(5, variance: VarianceType.FixedLarge)));
        Assert.Equal(["DIF0216"], Ids(UnClip(5).WithPrevTimestep(3)));
        Assert.Equal(["DIF0216"], Ids(UnClip(5).WithPrevTimestep(3, 2, 1)));
        Assert.Equal(["DIF0215"], Ids(UnClip(5, clamp: Clamp.Dynamic())));
    }

    [Fact]
    public void AConfigThatSaysLittleMeansTheDefaultsOfItsClass()
    {
        Assert.Equal(NoiseSchedule.StableDiffusion, Noise("LCMScheduler"));
        Assert.Equal(NoiseSchedule.StableDiffusion, Noise("TCDScheduler"));
        Assert.Equal(40, Noise("CMStochasticIterativeScheduler").TrainTimesteps);
        Assert.Equal(NoiseSchedule.Cosine, Noise("UnCLIPScheduler"));
        Assert.Equal(NoiseSchedule.Linear, Noise("DDIMScheduler"));
        Assert.Equal(NoiseSchedule.Linear, Noise("UnheardOfScheduler"));

        static NoiseSchedule Noise(string name) => SchedulerConfigJson.Read(JsonValue.Parse($$"""{ "_class_name": "{{name}}" }""", "scheduler_config.json")).Noise;
    }

    private static string[] Ids(Scheduler sampler, PredictionType prediction = PredictionType.Epsilon) =>
        sampler.Resolve(SchedulerConfig.Default).Check(NoiseSchedule.Linear, prediction).Select(finding => finding.Rule.Id).ToArray();

    private static EquatableArray<Step> Rows(Scheduler sampler) => sampler.Resolve(SchedulerConfig.Default).Derive(NoiseSchedule.Linear, PredictionType.Epsilon).Steps;
}
