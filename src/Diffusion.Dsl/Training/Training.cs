namespace Diffusion.Dsl;

/// <summary>
/// A training as an immutable value: which network learns what from which data, and how. Every step of the chain returns a new value; it holds no
/// tensors and runs nothing; threads may share it. Two trainings are equal when they say the same.
/// </summary>
/// <example>
/// <code>
/// var training = Train.Ddpm(UNet2DConfig.Course).On(data).Objective(Epsilon).Weight(MinSnr(5))
///     .Optimizer(AdamW(4e-4)).Schedule(Cosine(warmup: 500)).Batch(64).Accumulate(4).Ema(0.9999).Steps(20_000).Seed(0);
/// </code>
/// </example>
public sealed partial record Training
{
    internal Training(TrainedNetwork network) => Network = network;

    /// <summary>The network that learns.</summary>
    public TrainedNetwork Network { get; init; }

    /// <summary>What it learns from; null is found by validation (DIF0225).</summary>
    public ITrainingData? Data { get; init; }

    /// <summary>What reads the captions, for networks that look at text; it is changed where <see cref="TextLearns"/> says so.</summary>
    public TextModel? TextEncoder { get; init; }

    /// <summary>
    /// Whether the text encoder learns with the network (arXiv:2112.10752, section 3.3: «both τ_θ and ε_θ are jointly optimized»). Parity target: <c>--train_text_encoder</c> of
    /// diffusers' training scripts.
    /// </summary>
    public bool TextLearns { get; init; }

    /// <summary>What makes latents of the pictures, which the network learns in their place (arXiv:2112.10752); it is not changed. Null: it learns pixels.</summary>
    public VaeModel? Autoencoder { get; init; }

    /// <summary>What it learns, and how much errors count; null: noise, or as the checkpoint says.</summary>
    public Objective? LearnedObjective { get; init; }

    /// <summary>How noisy each timestep is; null: linear from 1e-4 to 0.02, or as the checkpoint says.</summary>
    public NoiseSchedule? NoiseSchedule { get; init; }

    /// <summary>Which timesteps it visits.</summary>
    public TimestepSampling TimestepSampling { get; init; } = TimestepSamplings.UniformTime;

    /// <summary>How gradients change parameters.</summary>
    public Optimizer UpdateRule { get; init; } = Optimizers.AdamW(1e-4);

    /// <summary>How the learning rate changes on the way.</summary>
    public LearningRateSchedule LearningRate { get; init; } = LearningRates.Constant();

    /// <summary>Pictures of one forward and backward pass, at least 1.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Batches whose gradients make one step, at least 1: the step is that of a batch so many times as large.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>The slow copy of the parameters that is saved and sampled from; null: none.</summary>
    public EmaDecay? Average { get; init; }

    /// <summary>Gradients are scaled down to this norm where theirs is larger, above 0; null: they stay as they are.</summary>
    public double? MaxGradientNorm { get; init; } = 1;

    /// <summary>Optimiser steps of the whole training; null: as <see cref="EpochCount"/> says.</summary>
    public int? StepCount { get; init; }

    /// <summary>Passes through the data of the whole training; null: as <see cref="StepCount"/> says.</summary>
    public int? EpochCount { get; init; }

    /// <summary>Seed of the initial values, the order of the data, the transforms, timesteps, noise and dropout.</summary>
    public long RandomSeed { get; init; }

    /// <summary>The number format of forward and backward passes; parameters, moments and averages are always float32.</summary>
    public Precision ComputePrecision { get; init; }

    /// <summary>Whether activations are computed again in the backward pass instead of kept: less memory, about a third more time, equal gradients.</summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>The share of labels that is replaced by «no label», in [0, 1); 0.1 is usual for classifier-free guidance (arXiv:2207.12598).</summary>
    public double LabelDropout { get; init; }

    /// <summary>The share of captions that is replaced by the empty one, in [0, 1); 0.1 is usual for classifier-free guidance (arXiv:2207.12598).</summary>
    public double CaptionDropout { get; init; }

    /// <summary>Which mistakes of the course are repeated, to get its numbers.</summary>
    public CourseErrata Errata { get; init; } = CourseErrata.None;

    /// <summary>Optimiser steps of one pass through the data; the last one may take fewer batches. 0 without data.</summary>
    public int StepsPerEpoch
    {
        get
        {
            if (Data is null || BatchSize < 1 || AccumulationSteps < 1)
            {
                return 0;
            }

            var full = Batches / AccumulationSteps;
            return Errata.DropsPartialGroup || Batches % AccumulationSteps == 0 ? full : full + 1;
        }
    }

    /// <summary>Optimiser steps of the whole training: as said, or as many as the epochs have.</summary>
    public int TotalSteps => StepCount ?? ((EpochCount ?? 0) * StepsPerEpoch);

    private int Batches => (int)(((long)(Data?.Count ?? 0) + BatchSize - 1) / BatchSize);

    /// <summary>Everything that is wrong with the definition, all at once; empty if nothing is. What only the run time knows is not checked.</summary>
    public EquatableArray<Finding> Check() => TrainingValidation.Check(this);

    /// <summary>The chain without its length: a training of the same key may go on from the other's checkpoint.</summary>
    public string Key => TrainingText.WithoutLength(this);

    /// <summary>The chain that gives this value; equal texts train equally.</summary>
    public override string ToString() => TrainingText.Of(this);
}
