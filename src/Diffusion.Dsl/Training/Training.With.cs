namespace Diffusion.Dsl;

/// <content>A <c>With…</c> method for every property, for F#.</content>
public sealed partial record Training
{
    /// <summary>The same training of another network.</summary>
    /// <param name="network">The network that learns.</param>
    public Training WithNetwork(TrainedNetwork network) => this with { Network = network };

    /// <summary>The same training on other data.</summary>
    /// <param name="data">The pictures; null: none yet.</param>
    public Training WithData(ITrainingData? data) => this with { Data = data };

    /// <summary>The same training with captions that another encoder reads.</summary>
    /// <param name="text">Tokenizer and text encoder by name; null: captions are not read.</param>
    public Training WithTextEncoder(TextModel? text) => this with { TextEncoder = text };

    /// <summary>The same training, in which the text encoder learns or stays as it is.</summary>
    /// <param name="learns">Whether it learns.</param>
    public Training WithTextLearns(bool learns = true) => this with { TextLearns = learns };

    /// <summary>The same training in the latents of another autoencoder.</summary>
    /// <param name="vae">The autoencoder by name; null: the network learns pixels.</param>
    public Training WithAutoencoder(VaeModel? vae) => this with { Autoencoder = vae };

    /// <summary>The same training with another target.</summary>
    /// <param name="objective">What the network learns; null: noise, or as the checkpoint says.</param>
    public Training WithLearnedObjective(Objective? objective) => this with { LearnedObjective = objective };

    /// <summary>The same training on another noise schedule.</summary>
    /// <param name="noise">How noisy each timestep is; null: linear, or as the checkpoint says.</param>
    public Training WithNoiseSchedule(NoiseSchedule? noise) => this with { NoiseSchedule = noise };

    /// <summary>The same training at other timesteps.</summary>
    /// <param name="sampling">Which timesteps it visits.</param>
    public Training WithTimestepSampling(TimestepSampling sampling) => this with { TimestepSampling = sampling };

    /// <summary>The same training with another optimiser.</summary>
    /// <param name="optimizer">How gradients change parameters.</param>
    public Training WithUpdateRule(Optimizer optimizer) => this with { UpdateRule = optimizer };

    /// <summary>The same training with another course of the learning rate.</summary>
    /// <param name="schedule">How the learning rate changes.</param>
    public Training WithLearningRate(LearningRateSchedule schedule) => this with { LearningRate = schedule };

    /// <summary>The same training with another batch size.</summary>
    /// <param name="size">Pictures of one pass, at least 1.</param>
    public Training WithBatchSize(int size) => this with { BatchSize = size };

    /// <summary>The same training with steps of other size.</summary>
    /// <param name="batches">Batches of one step, at least 1.</param>
    public Training WithAccumulationSteps(int batches) => this with { AccumulationSteps = batches };

    /// <summary>The same training with another average, or none.</summary>
    /// <param name="decay">How strongly the average holds on; null: no average.</param>
    public Training WithAverage(EmaDecay? decay) => this with { Average = decay };

    /// <summary>The same training with gradients of another greatest norm.</summary>
    /// <param name="maxNorm">Above 0; null: gradients stay as they are.</param>
    public Training WithMaxGradientNorm(double? maxNorm) => this with { MaxGradientNorm = maxNorm };

    /// <summary>The same training with another number of steps.</summary>
    /// <param name="count">Optimiser steps; null: as the epochs say.</param>
    public Training WithStepCount(int? count) => this with { StepCount = count };

    /// <summary>The same training with another number of passes.</summary>
    /// <param name="count">Passes through the data; null: as the steps say.</param>
    public Training WithEpochCount(int? count) => this with { EpochCount = count };

    /// <summary>The same training with another seed.</summary>
    /// <param name="seed">The seed of everything random.</param>
    public Training WithRandomSeed(long seed) => this with { RandomSeed = seed };

    /// <summary>The same training with passes in another number format.</summary>
    /// <param name="precision">The number format of the passes.</param>
    public Training WithComputePrecision(Precision precision) => this with { ComputePrecision = precision };

    /// <summary>The same training with or without recomputed activations.</summary>
    /// <param name="on">Whether activations are computed again.</param>
    public Training WithGradientCheckpointing(bool on) => this with { GradientCheckpointing = on };

    /// <summary>The same training with another share of hidden labels.</summary>
    /// <param name="share">In [0, 1).</param>
    public Training WithLabelDropout(double share) => this with { LabelDropout = share };

    /// <summary>The same training with another share of hidden captions.</summary>
    /// <param name="share">In [0, 1).</param>
    public Training WithCaptionDropout(double share) => this with { CaptionDropout = share };

    /// <summary>The same training with other mistakes of the course, or none.</summary>
    /// <param name="errata">Which mistakes.</param>
    public Training WithErrata(CourseErrata errata) => this with { Errata = errata };
}
