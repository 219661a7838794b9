namespace Diffusion.Dsl;

/// <summary>Puts a definition and its models' facts together: open options become values.</summary>
public static class Resolution
{
    /// <summary>The spec of a definition; what the files do not say takes diffusers' defaults.</summary>
    /// <param name="pipeline">The definition.</param>
    /// <param name="facts">What the models' files say.</param>
    public static PipelineSpec Spec(Pipeline pipeline, ModelFacts facts)
    {
        var config = facts.Scheduler ?? SchedulerConfig.Default;
        config = config with { Noise = pipeline.NoiseSchedule ?? config.Noise, Prediction = pipeline.PredictionType ?? config.Prediction };
        var sampler = pipeline.Sampler ?? Schedulers.From(config, DefaultSteps(config));
        return new PipelineSpec(sampler.Resolve(config), config.Noise, config.Prediction, pipeline.TextModel is not null, pipeline.Guiders) { Start = pipeline.StartStep, HasClasses = facts.Unet?.Classes is not null };
    }

    /// <summary>The spec of a definition without errors.</summary>
    /// <param name="pipeline">The definition.</param>
    /// <param name="facts">What the models' files say.</param>
    /// <exception cref="DiffusionException">All errors of the definition.</exception>
    public static PipelineSpec ValidSpec(Pipeline pipeline, ModelFacts facts)
    {
        var errors = new System.Collections.Generic.List<Finding>();
        foreach (var finding in Validation.Check(pipeline, facts))
        {
            if (finding.Rule.Severity == RuleSeverity.Error)
            {
                errors.Add(finding);
            }
        }

        return errors.Count == 0 ? Spec(pipeline, facts) : throw new DiffusionException(errors);
    }

    /// <summary>diffusers' pipelines take 1000 steps with DDPM and 50 with everything else.</summary>
    private static int DefaultSteps(SchedulerConfig config) =>
        config.ClassName is null or "DDPMScheduler" ? config.Noise.TrainTimesteps : System.Math.Min(50, config.Noise.TrainTimesteps);
}
