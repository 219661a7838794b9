using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Tests.Samplers;

/// <summary>Every sampler of the registry with its options, every prediction type, every guider: what compilation is tested over.</summary>
internal static class SpecCases
{
    private const int Steps = 6;

    public static IEnumerable<PipelineSpec> All =>
        from entry in Schedulers.All
        from sampler in Variations(entry.Create(Steps)).Prepend(entry.Create(Steps))
        from prediction in new[] { PredictionType.Epsilon, PredictionType.Sample, PredictionType.VPrediction }
        from guider in Guiders.All.Cast<Guider?>().Prepend(null)
        select Spec(sampler, prediction, guider);

    public static PipelineSpec Spec(Scheduler sampler, PredictionType prediction, Guider? guider) => new(
        sampler.Resolve(SchedulerConfig.Default),
        NoiseSchedule.Linear,
        prediction,
        HasText: guider is not null,
        guider is null ? default : EquatableArray.Of(guider));

    /// <summary>Options beyond the step count. A sampler without a case here is still tested with its defaults.</summary>
    private static IEnumerable<Scheduler> Variations(Scheduler sampler) => sampler switch
    {
        DdimScheduler ddim =>
        [
            ddim.WithClamp(Clamp.None),
            ddim.WithEta(0.5).WithClamp(Clamp.None),
            ddim.WithEta(1).WithClamp(Clamp.Dynamic(0.9, 1.5)),
            ddim.WithClamp(Clamp.Range(0.5)).WithUseClippedModelOutput(true),
            ddim.WithSpacing(TimestepSpacing.Trailing).WithSetAlphaToOne(false).WithClamp(Clamp.None),
            ddim.WithSpacing(TimestepSpacing.Linspace),
        ],
        DdpmScheduler ddpm =>
        [
            ddpm.WithClamp(Clamp.None),
            ddpm.WithVariance(VarianceType.FixedLarge),
            ddpm.WithVariance(VarianceType.Learned),
            ddpm.WithVariance(VarianceType.LearnedRange).WithClamp(Clamp.None),
            ddpm.WithClamp(Clamp.Dynamic()),
            ddpm.WithCustomTimesteps(900, 500, 100, 3),
        ],
        DdimInverseScheduler inverse => [inverse.WithClamp(Clamp.None), inverse.WithSpacing(TimestepSpacing.Trailing).WithClamp(Clamp.None)],
        _ => [],
    };
}
