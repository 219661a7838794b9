using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>The checks on guiders against each other, against the resolved sampler and against the network they compare with.</summary>
internal static class GuidanceChecks
{
    /// <summary>Guiders against each other and against the models' files.</summary>
    public static IEnumerable<Finding> Of(Pipeline pipeline, ModelFacts facts)
    {
        var combining = pipeline.Guiders.Where(guider => guider.CombinesConditions).Select(guider => guider.Name).Distinct().ToArray();
        return combining.Skip(1).Select(other => Rules.GuidersExclude.Found(combining[0], other)).Concat(Through(pipeline)).Concat(Worse(pipeline, facts));
    }

    /// <summary>Guiders against the resolved sampler and what the network predicts.</summary>
    /// <param name="spec">A spec whose sampler has no errors.</param>
    public static IEnumerable<Finding> Of(PipelineSpec spec)
    {
        if (spec.Guiders.OfType<PlusPlusGuidance>().FirstOrDefault() is { } plus && !HasPictureAndNoise(spec.Sampler))
        {
            yield return Rules.GuiderNotForSampler.Found(plus.Name, spec.Sampler);
        }

        if (spec.Guiders.OfType<ZeroStarGuidance>().FirstOrDefault() is not { ZeroSteps: > 0 } zero)
        {
            yield break;
        }

        if ((spec.Sampler.OwnPrediction ?? spec.Prediction) is var prediction and not (PredictionType.Flow or PredictionType.VPrediction))
        {
            yield return Rules.ZeroPredictionMeaningless.Found(zero.Name, zero.ZeroSteps, Names.Of(prediction));
        }

        if (spec.Sampler.StepCount is { } steps && zero.ZeroSteps >= steps)
        {
            yield return Rules.GuiderOptionOutOfRange.Found(zero.Name, "zeroSteps", zero.ZeroSteps, "the sampler has " + Text.Of(steps) + " steps", "0 to " + Text.Of(steps - 1));
        }
    }

    /// <summary>Whether a step is x′ = α′ x̂_0 + σ′ ε̂, so that ε̂ can come from elsewhere.</summary>
    private static bool HasPictureAndNoise(Scheduler sampler) => sampler switch
    {
        DdimScheduler ddim => ddim is { Eta: 0, UseClippedModelOutput: false },
        EulerScheduler euler => euler.SChurn == 0,
        EdmEulerScheduler edm => edm.SChurn == 0,
        FlowEulerScheduler => true,
        _ => false,
    };

    // What gradients through the network know is (1 − w) u + w c.
    private static IEnumerable<Finding> Through(Pipeline pipeline) =>
        pipeline.Guiders.OfType<GradientGuidance>().FirstOrDefault(guider => guider.ThroughNetwork) is not { } gradient ? [] : pipeline.Guiders
            .Where(guider => guider is PerturbedAttentionGuidance { Scale: not 0 } or AutoGuidance { Scale: not 1 } or ZeroStarGuidance or AdaptiveProjectedGuidance { IsPlain: false, Scale: not 1 })
            .Select(other => Rules.GradientThroughGuider.Found(gradient.Name, other.Name));

    private static IEnumerable<Finding> Worse(Pipeline pipeline, ModelFacts facts)
    {
        if (pipeline.Guiders.OfType<AutoGuidance>().FirstOrDefault() is not { } guider || facts is not { Unet: { } own, Worse: { } worse })
        {
            yield break;
        }

        (string Name, object? Own, object? Worse)[] said =
        [
            ("in_channels", own.InChannels, worse.InChannels),
            ("out_channels", own.OutChannels, worse.OutChannels),
            ("cross_attention_dim", own.CrossAttentionDim, worse.CrossAttentionDim),
            ("classes", own.Classes, worse.Classes),
            ("null class", own.NullClass, worse.NullClass),
            ("prediction_type", Prediction(facts.Scheduler), Prediction(facts.WorseScheduler)),
            ("noise schedule", facts.Scheduler?.Noise, facts.WorseScheduler?.Noise),
        ];
        // What the scheduler's file does not say is unknown; what a network does not have is known.
        var different = said.Where(one => !Equals(one.Own, one.Worse) && (one.Name is not ("prediction_type" or "noise schedule") || (one.Own is not null && one.Worse is not null))).ToArray();
        if (different.Length > 0)
        {
            yield return Rules.WorseDoesNotFit.Found(
                guider.Name,
                ModelFileNames.Config(guider.Worse),
                string.Join(" and ", different.Select(one => Word(one.Name, one.Worse))),
                ModelFileNames.OfUnet(pipeline),
                string.Join(" and ", different.Select(one => Word(one.Name, one.Own))));
        }
    }

    private static string? Prediction(SchedulerConfig? config) => config is null ? null : Names.Of(config.Prediction);

    private static string Word(string name, object? value) => value is null ? "no " + name : name + " " + Text.Of(value);
}
