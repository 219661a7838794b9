using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// The findings that hold whatever the files say that were not given. At run time a file that is not there is not there; at build time it may only be
/// unknown, and a program that is right must not be refused for it.
/// </summary>
internal static class CertainFindings
{
    // As generous as a checkpoint can be: more training timesteps than any has, and for what samplers leave open the values that allow most.
    private static readonly JsonValue Options = JsonValue.Parse("""{ "final_sigmas_type": "sigma_min", "original_inference_steps": 10000, "sigma_min": 1e-09, "sigma_max": 1e+09 }""", "");

    private static readonly NoiseSchedule Noise = NoiseSchedule.Linear.WithTrainTimesteps(10_000);

    /// <summary>A UNet that <c>Cfg</c> fits without a text.</summary>
    public static readonly UnetFacts Conditioned = new UnetFacts(3, 3).WithClasses(1, nullClass: 1);

    private static readonly PredictionType[] Predictions = [PredictionType.Epsilon, PredictionType.Sample, PredictionType.VPrediction, PredictionType.Flow];

    /// <summary>The findings of a pipeline of which <paramref name="known"/> is known.</summary>
    /// <param name="pipeline">The definition.</param>
    /// <param name="known">What the given files say; null where none was given.</param>
    public static EquatableArray<Finding> Of(Pipeline pipeline, ModelFacts known)
    {
        var findings = Validation.Check(pipeline, known);
        foreach (var facts in Possible(pipeline, known))
        {
            if (findings.IsEmpty)
            {
                break;
            }

            // A part that an index does not list is not supposed.
            var there = Validation.Check(pipeline, facts).Select(Subject).ToArray();
            findings = findings.Where(finding => finding.Rule == Rules.PartMissing || there.Contains(Subject(finding))).ToEquatableArray();
        }

        return findings;
    }

    // Numbers in a sentence depend on the facts; that the same thing is wrong does not.
    private static (Rule Rule, string? First) Subject(Finding finding) => (finding.Rule, finding.Arguments.FirstOrDefault());

    private static IEnumerable<ModelFacts> Possible(Pipeline pipeline, ModelFacts known)
    {
        if (known is { Unet: not null, Vae: not null, Scheduler: not null })
        {
            return [];
        }

        var completed = known with
        {
            Unet = known.Unet ?? Conditioned,
            Vae = known.Vae ?? new VaeFacts(Factor: 1),
        };
        return known.Scheduler is not null
            ? [completed]
            : Predictions.Where(prediction => (pipeline.PredictionType ?? prediction) == prediction).Select(prediction => completed with { Scheduler = new SchedulerConfig(Noise, prediction) { Source = Options } });
    }
}
