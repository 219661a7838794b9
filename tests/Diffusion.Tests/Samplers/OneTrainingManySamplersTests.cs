using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;

namespace Diffusion.Tests.Samplers;

/// <summary>A model trained once is sampled by DDPM, DDIM and all others: training is the noise schedule, not the sampler.</summary>
public sealed class OneTrainingManySamplersTests
{
    [Fact]
    public void EverySamplerOfACheckpointKeepsItsNoiseSchedule()
    {
        var config = SchedulerConfig.Default with { Noise = NoiseSchedule.Cosine };
        foreach (var entry in Schedulers.All)
        {
            var spec = Resolution.Spec(Pipeline.From(Pretrained.From("none").Unet).Scheduler(entry.Create(10)), new ModelFacts(null, null, null, config));
            Assert.Equal(NoiseSchedule.Cosine, spec.Noise);
        }
    }

    [Fact]
    public void DdimWithEtaOneHasTheVarianceOfDdpm()
    {
        var (ddpm, ddim) = (Deviations(Schedulers.Ddpm(1000, VarianceType.FixedSmall, Clamp.None)), Deviations(Schedulers.Ddim(1000, eta: 1)));
        Assert.Equal(1000, ddpm.Length);
        var worst = ddpm.Zip(ddim).Skip(1).Max(pair => Math.Abs((pair.First * pair.First) - (pair.Second * pair.Second)));
        Assert.True(worst <= 1e-15, $"largest difference {worst}");
        Assert.True(ddpm.Max() > 0.1);
    }

    // c of each step, from the last one (the least noise) on.
    private static double[] Deviations(Scheduler sampler) =>
        [.. Planner.Plan(SpecCases.Spec(sampler, PredictionType.Epsilon, null)).Steps.Reverse().Select(step => step.Ops.OfType<AffineOp>().Last().Noise)];
}
