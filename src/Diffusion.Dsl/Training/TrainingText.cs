using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Writes a training as the chain that gives it; what has its default is left out.</summary>
internal static class TrainingText
{
    public static string Of(Training training) => WithoutLength(training) + Length(training);

    /// <summary>Everything but the number of steps: a training of the same text may go on from the other's checkpoint.</summary>
    public static string WithoutLength(Training training)
    {
        var stages = new[]
        {
            Head(training.Network),
            training.Data is { } data ? "On(\"" + data.Name + "\", " + Text.Of(data.Count) + ")" : null,
            training.TextEncoder is { } text ? "Text(\"" + text + "\")" : null,
            training.TextLearns ? "TrainText()" : null,
            training.Autoencoder is { } vae ? "Vae(\"" + vae + "\")" : null,
            training.LearnedObjective is { } objective ? "Objective(" + Names.Of(objective.Prediction) + ")" : null,
            training.LearnedObjective is { Weighting: not UniformWeighting } weighted ? "Weight(" + weighted.Weighting + ")" : null,
            training.NoiseSchedule is { } noise ? "Noise(" + noise + ")" : null,
            training.TimestepSampling is UniformTimesteps ? null : "Timesteps(" + training.TimestepSampling + ")",
            "Optimizer(" + training.UpdateRule + ")",
            "Schedule(" + training.LearningRate + ")",
            "Batch(" + Text.Of(training.BatchSize) + ")",
            training.AccumulationSteps == 1 ? null : "Accumulate(" + Text.Of(training.AccumulationSteps) + ")",
            training.Average is { } average ? Ema(average) : null,
            training.MaxGradientNorm is { } norm ? "Clip(" + Text.Of(norm) + ")" : null,
            training.ComputePrecision == Precision.Float32 ? null : "Precision(" + Names.Of(training.ComputePrecision) + ")",
            training.GradientCheckpointing ? "CheckpointGradients()" : null,
            training.LabelDropout == 0 ? null : "DropLabels(" + Text.Of(training.LabelDropout) + ")",
            training.CaptionDropout == 0 ? null : "DropCaptions(" + Text.Of(training.CaptionDropout) + ")",
            training.Errata == CourseErrata.None ? null : "AsInCourse(" + training.Errata + ")",
            "Seed(" + Text.Of(training.RandomSeed) + ")",
        };
        return "Train." + string.Join(".", stages.Where(stage => stage is not null));
    }

    private static string Head(TrainedNetwork network) => (network is CustomNetwork ? "Custom(" : "Ddpm(") + network + ")";

    // EmaDecay's own text is the stage already.
    private static string Ema(EmaDecay average) => average.ToString();

    private static string Length(Training training) => training switch
    {
        { StepCount: { } steps } => ".Steps(" + Text.Of(steps) + ")",
        { EpochCount: { } epochs } => ".Epochs(" + Text.Of(epochs) + ")",
        _ => "",
    };
}
