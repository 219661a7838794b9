using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Plotting;

/// <summary>Holds what is plotted to the rules of pipelines.</summary>
internal static class Checked
{
    /// <summary>The spec of a pipeline with this schedule and sampler, and a network that predicts what the sampler takes: v where it can, which bears every schedule.</summary>
    /// <param name="noise">The schedule.</param>
    /// <param name="sampler">The sampler; null: any.</param>
    /// <exception cref="DiffusionException">All errors of the two.</exception>
    public static PipelineSpec Spec(NoiseSchedule noise, Scheduler? sampler)
    {
        var facts = new ModelFacts(null, null, null, null);
        var pipeline = Pipeline.From(Pretrained.From("none").Unet).WithSampler(sampler).Noise(noise).Prediction(PredictionType.VPrediction);
        var refused = Validation.Check(pipeline, facts).Any(finding => finding.Rule == Rules.PredictionNotSupported);
        return Resolution.ValidSpec(refused ? pipeline.Prediction(PredictionType.Epsilon) : pipeline, facts);
    }
}
