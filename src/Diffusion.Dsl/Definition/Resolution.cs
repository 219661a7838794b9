using System.Linq;

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
        var resolved = sampler.Resolve(config);
        if (pipeline is { KeepsSteps: true, ImageStrength: { } kept })
        {
            resolved = KeptSteps.Spread(resolved, kept, config.Noise);
        }

        return new PipelineSpec(resolved, config.Noise, config.Prediction, pipeline.TextModel is not null, pipeline.Guiders.Select(guider => guider.WithoutModels()).ToEquatableArray())
        {
            Start = pipeline.ImageStrength is { } strength ? StartOf(strength, resolved, config.Noise) : pipeline.StartStep,
            HasClasses = facts.Unet?.Classes is not null,
        };
    }

    // diffusers leaves out n − ⌊n · strength⌋ of its timesteps, times two where a step has two of them.
    private static int StartOf(double strength, Scheduler sampler, NoiseSchedule noise)
    {
        var steps = sampler.StepCount ?? noise.TrainTimesteps;
        var starts = sampler.Starts(noise);
        var evaluations = starts.Count > 1 ? starts[starts.Count - 1] - starts[starts.Count - 2] : 1;
        var first = (steps - System.Math.Min((int)(steps * strength), steps)) * evaluations;
        return starts.Count(start => start <= first) - 1;
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
