using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Finds everything that is wrong with a training, all at once.</summary>
internal static class TrainingValidation
{
    public static EquatableArray<Finding> Check(Training training) => Network(training)
        .Concat(Data(training))
        .Concat(Objective(training))
        .Concat(Counts(training))
        .Concat(training.TimestepSampling.Check())
        .Concat(training.UpdateRule.Check())
        .Concat(training.TotalSteps > 0 ? training.LearningRate.Check(training.UpdateRule.Rate, training.TotalSteps) : [])
        .Concat(training.Average?.Check() ?? [])
        .Concat(Shares(training))
        .ToEquatableArray();

    private static IEnumerable<Finding> Network(Training training)
    {
        var reads = training.Network.ReadsText || training.CaptionDropout > 0 || training.TextLearns;
        return reads && training.TextEncoder is null
            ? training.Network.Check().Append(Rules.TrainingPartMissing.Found("text encoder", "Text(Pretrained.From(\"models/shapes\").Clip)"))
            : training.Network.Check();
    }

    private static IEnumerable<Finding> Data(Training training)
    {
        if (training.Data is not { } data)
        {
            yield return Rules.TrainingPartMissing.Found("data", "On(data)");
            yield break;
        }

        if (data.Count == 0)
        {
            yield return Rules.NoData.Found(data.Name, "no pictures");
        }

        if (training.Network.Classes is { } classes && data.Classes.Count > classes)
        {
            yield return Rules.TrainingLabel.Found(data.Name, data.Classes.Count - 1, classes, classes - 1);
        }
    }

    private static IEnumerable<Finding> Objective(Training training)
    {
        // A checkpoint's own schedule is known when it is loaded.
        if (training.Network is PretrainedUNet && training.NoiseSchedule is null)
        {
            return training.LearnedObjective?.Weighting.Check() ?? [];
        }

        var noise = training.NoiseSchedule ?? NoiseSchedule.Linear;
        var findings = NoiseChecks.Of(noise).ToArray();
        return findings.Length > 0 ? findings : (training.LearnedObjective ?? Objectives.Epsilon).Check(noise);
    }

    private static IEnumerable<Finding> Counts(Training training)
    {
        if (training.StepCount is null && training.EpochCount is null)
        {
            yield return Rules.TrainingPartMissing.Found("length", "Steps(20_000) or Epochs(10)");
        }

        foreach (var (what, count) in new[] { ("the number of steps", training.StepCount ?? 1), ("the number of epochs", training.EpochCount ?? 1), ("the batch size", training.BatchSize), ("the number of accumulated batches", training.AccumulationSteps) })
        {
            if (count < 1)
            {
                yield return Rules.CountOutOfRange.Found(what, count);
            }
        }

        if (training.Data is { Count: > 0 } data && training.BatchSize >= 1 && training.AccumulationSteps >= 1 && training.StepsPerEpoch == 0)
        {
            yield return Rules.NoData.Found(data.Name, Text.Of(data.Count) + " pictures, less than one group of " + Text.Of(training.AccumulationSteps) + " batches of " + Text.Of(training.BatchSize));
        }

        if (training.MaxGradientNorm is { } norm && !(norm > 0))
        {
            yield return Rules.TrainingOptionOutOfRange.Found("the greatest norm of the gradients", "Clip", norm, "above 0", 1);
        }
    }

    private static IEnumerable<Finding> Shares(Training training)
    {
        foreach (var (name, share) in new[] { ("DropLabels", training.LabelDropout), ("DropCaptions", training.CaptionDropout) })
        {
            if (!(share >= 0 && share < 1))
            {
                yield return Rules.TrainingOptionOutOfRange.Found("the share", name, share, "at least 0 and below 1", 0.1);
            }
        }

        if (training.LabelDropout > 0 && training.Network is UntrainedUNet or UntrainedClassConditionedUNet && !training.Network.HasNullClass)
        {
            yield return Rules.LabelDropoutNeedsNullClass.Found(training.LabelDropout, training.Network);
        }
    }
}
