using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Finds everything that is wrong with a definition, all at once. The same list serves the analyzer and the run time.</summary>
public static class Validation
{
    /// <summary>All findings of <paramref name="pipeline"/>, in the order of the chain; facts that are unknown are not checked.</summary>
    /// <param name="pipeline">The definition.</param>
    /// <param name="facts">What the models' files say.</param>
    public static EquatableArray<Finding> Check(Pipeline pipeline, ModelFacts facts)
    {
        var findings = new List<Finding>();
        if (pipeline.UnetModel is null)
        {
            findings.Add(Rules.UnetMissing.Found());
        }

        var noise = NoiseChecks.Of(pipeline, facts).ToArray();
        findings.AddRange(noise);
        findings.AddRange(ModelChecks.Of(pipeline, facts));
        findings.AddRange(SamplerChecks.Of(pipeline, facts));
        findings.AddRange(GuiderChecks.Of(pipeline, facts));

        // The sampler's checks compute with the noise schedule; everything else may be wrong at the same time.
        if (noise.All(finding => finding.Rule.Severity != RuleSeverity.Error))
        {
            // A strength becomes a step by the sampler's table, which only a right sampler has.
            var spec = Resolution.Spec(pipeline.WithImageStrength(null), facts);
            var sampler = SamplerChecks.Of(pipeline, facts, spec).ToArray();
            findings.AddRange(sampler);
            if (sampler.Length == 0)
            {
                findings.AddRange(GuidanceChecks.Of(spec));
                var start = (pipeline.ImageStrength is { } strength ? Strength(strength, spec, pipeline.KeepsSteps) : Start(spec)).ToArray();
                findings.AddRange(start);
                findings.AddRange(pipeline.KeepsSteps && start.Length == 0 ? KeptSteps.Check(spec.Sampler, pipeline.ImageStrength, spec.Noise, spec.Prediction) : []);
            }
        }

        return findings.ToEquatableArray();
    }

    private static IEnumerable<Finding> Strength(double strength, PipelineSpec spec, bool keepsSteps)
    {
        var steps = spec.Sampler.StepCount ?? spec.Noise.TrainTimesteps;
        if (!(strength <= 1 && (keepsSteps ? strength > 0 : strength * steps >= 1)))
        {
            yield return Rules.StrengthOutOfRange.Found(strength, steps, keepsSteps ? (double)steps / spec.Noise.TrainTimesteps : 1.0 / steps);
        }
    }

    private static IEnumerable<Finding> Start(PipelineSpec spec)
    {
        if (spec.Start == 0)
        {
            yield break;
        }

        var steps = spec.Sampler.Starts(spec.Noise).Count;
        if (spec.Start < 0 || spec.Start >= steps)
        {
            yield return Rules.StartOutOfRange.Found(spec.Start, spec.Sampler.Name, steps, steps - 1);
        }
    }
}
