using System.Linq;
using Diffusion.Dsl;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Definition;

public class PipelineTests
{
    private static readonly Pretrained Model = Pretrained.From("models/none");

    [Fact]
    public void EveryStageReturnsANewValueAndLeavesTheOldOne()
    {
        var first = Pipeline.From(Model.Vae).Text(Model.Clip).Unet(Model.Unet).Scheduler(Ddim(40));
        var second = first.Scheduler(Ddim(20)).Guidance(Cfg(7.5));
        Assert.Equal(Ddim(40), first.Sampler);
        Assert.True(first.Guiders.IsEmpty);
        Assert.Equal(Ddim(20), second.Sampler);
    }

    [Fact]
    public void PipelinesThatSayTheSameAreEqual()
    {
        static Pipeline Make() => Pipeline.From(Model.Vae).Text(Model.Clip).Unet(Model.Unet).Scheduler(Ddim(40, eta: 0.5)).Guidance(Cfg(7.5), Clip("a rose"));
        Assert.Equal(Make(), Make());
        Assert.Equal(Make().GetHashCode(), Make().GetHashCode());
        Assert.NotEqual(Make(), Make().Negative("blurry"));
    }

    [Fact]
    public void EveryPropertyHasAWithMethod()
    {
        // F# cannot use `with` on C# records: the methods are the contract.
        var types = new[] { typeof(Pipeline), typeof(NoiseSchedule), typeof(GuidanceInterval) }
            .Concat(Schedulers.All.Select(entry => entry.Create(5).GetType()))
            .Concat(Guiders.All.Select(guider => guider.GetType()))
            .Append(typeof(ClipGuidance))
            .Distinct();
        foreach (var type in types)
        {
            foreach (var property in type.GetProperties().Where(property => property.SetMethod is { IsPublic: true }))
            {
                Assert.True(
                    type.GetMethod("With" + property.Name) is not null,
                    $"{type.Name}.{property.Name} has no With{property.Name}");
            }
        }
    }

    [Fact]
    public void TheTextIsTheChain() => Assert.Equal(
        "Pipeline.From(\"models/none\".Vae).Text(\"models/none\".Clip).Unet(\"models/none\".Unet).Scheduler(Ddim(40)).Guidance(Cfg(7.5)).Negative(\"blurry\")",
        Pipeline.From(Model.Vae).Text(Model.Clip).Unet(Model.Unet).Scheduler(Ddim(40)).Guidance(Cfg(7.5)).Negative("blurry").ToString());

    [Fact]
    public void TheKeyHoldsEverythingThatCompilationReads()
    {
        var keys = Samplers.SpecCases.All.Select(spec => spec.Key).ToArray();
        Assert.Equal(keys.Length, keys.Distinct().Count());
        var names = Samplers.SpecCases.All.Select(spec => spec.ClassName).ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public void OpenOptionsComeFromTheCheckpoint()
    {
        var config = SchedulerConfigJson.Read(JsonValue.Parse("""
            { "steps_offset": 1, "clip_sample": false, "set_alpha_to_one": false, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012 }
            """, "scheduler_config.json"));
        var facts = new ModelFacts(null, null, null, config);
        var spec = Resolution.Spec(Pipeline.From(Model.Unet).Scheduler(Ddim(40)), facts);
        Assert.Equal(Ddim(40, 0, Clamp.None, TimestepSpacing.Leading, 1, false), spec.Sampler);
        Assert.Equal(NoiseSchedule.StableDiffusion, spec.Noise);
        Assert.Equal(Ddim(40, 0, Clamp.Range(), TimestepSpacing.Leading, 0, true), Resolution.Spec(Pipeline.From(Model.Unet).Scheduler(Ddim(40)), new ModelFacts(null, null, null, null)).Sampler);
    }

    [Fact]
    public void WithoutASamplerTheCheckpointsOwnIsTaken()
    {
        var ddim = new ModelFacts(null, null, null, SchedulerConfig.Default with { ClassName = "DDIMScheduler" });
        Assert.StartsWith("Ddim(50)", Resolution.Spec(Pipeline.From(Model.Unet), ddim).Key);
        Assert.StartsWith("Ddpm(1000)", Resolution.Spec(Pipeline.From(Model.Unet), new ModelFacts(null, null, null, SchedulerConfig.Default)).Key);
    }
}
