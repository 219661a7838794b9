using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>The checks on the noise schedule and the prediction type.</summary>
internal static class NoiseChecks
{
    public static IEnumerable<Finding> Of(Pipeline pipeline, ModelFacts facts)
    {
        foreach (var finding in Of(pipeline.NoiseSchedule ?? facts.Scheduler?.Noise ?? NoiseSchedule.Linear))
        {
            yield return finding;
        }

        if (pipeline.PredictionType is { } said && facts.Scheduler is { } config && said != config.Prediction)
        {
            yield return Rules.PredictionMismatch.Found(Names.Of(said), ModelFileNames.OfScheduler(pipeline), Names.Of(config.Prediction));
        }
    }

    public static IEnumerable<Finding> Of(NoiseSchedule noise)
    {
        if (noise.TrainTimesteps < 2)
        {
            yield return Rules.TrainTimestepsOutOfRange.Found(noise.TrainTimesteps);
        }

        var betas = noise.TrainedBetas.IsEmpty
            ? [("beta_start", noise.BetaStart), ("beta_end", noise.BetaEnd)]
            : noise.TrainedBetas.Select((beta, t) => ("trained_betas[" + Text.Of(t) + "]", beta));
        foreach (var (name, beta) in betas.Where(beta => !(beta.Item2 > 0 && beta.Item2 <= 1)).Take(1))
        {
            yield return Rules.BetasOutOfRange.Found(name, beta);
        }
    }
}
