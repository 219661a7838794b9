using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Definition;

/// <summary>As many steps from a picture as from noise.</summary>
public sealed class KeptStepsTests
{
    private static readonly ModelFacts Unknown = new(null, null, null, SchedulerConfig.Default with { Noise = NoiseSchedule.StableDiffusion });

    private static readonly Pipeline Pixels = Pipeline.From(Pretrained.From("none").Unet);

    [Fact]
    public void KeptStepsAreTheLastOfASamplerWithMoreOfThem()
    {
        var kept = Resolution.ValidSpec(Pixels.Scheduler(Ddim(30)).Strength(0.6).KeepSteps(), Unknown);

        Assert.Equal(Resolution.ValidSpec(Pixels.Scheduler(Ddim(50)).Strength(0.6), Unknown), kept);
        Assert.Equal(30, Planner.Plan(kept).Steps.Count);
        Assert.Equal(18, Planner.Plan(Resolution.ValidSpec(Pixels.Scheduler(Ddim(30)).Strength(0.6), Unknown)).Steps.Count);
        Assert.Contains("Ddim(50", kept.Key);
        Assert.Contains(" from 20", kept.Key);
    }

    /// <summary>A step is a row of the table; methods with two evaluations a step keep rows too.</summary>
    [Theory]
    [InlineData("Ddim", 0.37)]
    [InlineData("Euler", 0.1)]
    [InlineData("Heun", 0.6)]
    [InlineData("DpmSolver", 0.8)]
    [InlineData("UniPC", 1)]
    [InlineData("Dpm2Ancestral", 0.29)]
    public void NStepsAreLeftWhateverTheStrength(string name, double strength)
    {
        var sampler = All.Single(entry => entry.Name == name).Create(20);

        Assert.Equal(20, Planner.Plan(Resolution.ValidSpec(Pixels.Scheduler(sampler).Strength(strength).KeepSteps(), Unknown)).Steps.Count);
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(0.1)]
    [InlineData(0.7)]
    [InlineData(1.0 / 3)]
    [InlineData(0.29)]
    public void FewerStepsWouldNotBeEnough(double strength)
    {
        foreach (var steps in new[] { 1, 3, 10, 25, 30 })
        {
            var spread = Resolution.ValidSpec(Pixels.Scheduler(Ddim(steps)).Strength(strength).KeepSteps(), Unknown).Sampler.StepCount!.Value;

            Assert.Equal(steps, (int)(spread * strength));
            Assert.True(spread == steps || (int)((spread - 1) * strength) < steps);
        }
    }

    [Fact]
    public void TheDefinitionSaysIt()
    {
        var pipeline = Pixels.Scheduler(Ddim(30)).Strength(0.6).KeepSteps();

        Assert.EndsWith(".Strength(0.6).KeepSteps()", pipeline.ToString());
        Assert.Contains("so that the steps are kept", PipelineExplanation.Of(pipeline, Unknown));
        Assert.Equal(Pixels.Scheduler(Ddim(30)).Strength(0.6), pipeline.WithKeepsSteps(false));
    }
}
