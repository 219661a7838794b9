using System;

namespace Diffusion.Dsl;

/// <content>The words of the chain.</content>
public sealed partial record Training
{
    /// <summary>The same training on these data.</summary>
    /// <param name="data">The pictures.</param>
    public Training On(ITrainingData data) => WithData(data ?? throw new ArgumentNullException(nameof(data)));

    /// <summary>The same training with captions that this encoder reads.</summary>
    /// <param name="text">Tokenizer and text encoder by name.</param>
    public Training Text(TextModel text) => WithTextEncoder(text);

    /// <summary>The same training, in which the text encoder learns, too.</summary>
    /// <param name="on">Whether it does.</param>
    public Training TrainText(bool on = true) => WithTextLearns(on);

    /// <summary>The same training in the latents of this autoencoder: latent diffusion.</summary>
    /// <param name="vae">The autoencoder by name.</param>
    public Training Vae(VaeModel vae) => WithAutoencoder(vae);

    /// <summary>The same training with another target.</summary>
    /// <param name="objective">What the network learns, such as <c>Objectives.Epsilon</c>.</param>
    public Training Objective(Objective objective) => WithLearnedObjective(objective);

    /// <summary>The same training with another weight on the errors.</summary>
    /// <param name="weighting">How much errors count at each noise level, such as <c>MinSnr(5)</c>.</param>
    public Training Weight(Weighting weighting) => WithLearnedObjective((LearnedObjective ?? Objectives.Epsilon).WithWeighting(weighting));

    /// <summary>The same training on another noise schedule.</summary>
    /// <param name="noise">How noisy each timestep is.</param>
    public Training Noise(NoiseSchedule noise) => WithNoiseSchedule(noise);

    /// <summary>The same training at other timesteps.</summary>
    /// <param name="sampling">Such as <c>Stratified</c>.</param>
    public Training Timesteps(TimestepSampling sampling) => WithTimestepSampling(sampling);

    /// <summary>The same training with another optimiser.</summary>
    /// <param name="optimizer">Such as <c>AdamW(4e-4)</c>.</param>
    public Training Optimizer(Optimizer optimizer) => WithUpdateRule(optimizer);

    /// <summary>The same training with another course of the learning rate.</summary>
    /// <param name="schedule">Such as <c>Cosine(warmup: 500)</c>.</param>
    public Training Schedule(LearningRateSchedule schedule) => WithLearningRate(schedule);

    /// <summary>The same training with another batch size.</summary>
    /// <param name="size">Pictures of one pass, at least 1.</param>
    public Training Batch(int size) => WithBatchSize(size);

    /// <summary>The same training with steps of several batches.</summary>
    /// <param name="batches">Batches whose gradients make one step, at least 1.</param>
    public Training Accumulate(int batches) => WithAccumulationSteps(batches);

    /// <summary>The same training with a moving average of the parameters.</summary>
    /// <param name="decay">The largest decay, in [0, 1]; 0.9999 averages over about ten thousand steps.</param>
    public Training Ema(double decay = 0.9999) => WithAverage(new EmaDecay(decay));

    /// <summary>The same training with a moving average of the parameters.</summary>
    /// <param name="decay">How strongly it holds on.</param>
    public Training Ema(EmaDecay decay) => WithAverage(decay);

    /// <summary>The same training with gradients of another greatest norm.</summary>
    /// <param name="maxNorm">Above 0; 1 is usual.</param>
    public Training Clip(double maxNorm) => WithMaxGradientNorm(maxNorm);

    /// <summary>The same training, so many steps long.</summary>
    /// <param name="count">Optimiser steps, at least 1.</param>
    public Training Steps(int count) => this with { StepCount = count, EpochCount = null };

    /// <summary>The same training, so many passes long.</summary>
    /// <param name="count">Passes through the data, at least 1.</param>
    public Training Epochs(int count) => this with { EpochCount = count, StepCount = null };

    /// <summary>The same training with another seed.</summary>
    /// <param name="seed">As for <c>torch.Generator().manual_seed</c>.</param>
    public Training Seed(long seed) => WithRandomSeed(seed);

    /// <summary>The same training with passes in another number format.</summary>
    /// <param name="precision"><see cref="Dsl.Precision.BFloat16"/> where the hardware has it.</param>
    public Training Precision(Precision precision) => WithComputePrecision(precision);

    /// <summary>The same training with less memory and more time.</summary>
    /// <param name="on">Whether activations are computed again in the backward pass.</param>
    public Training CheckpointGradients(bool on = true) => WithGradientCheckpointing(on);

    /// <summary>The same training, with some labels hidden from the network.</summary>
    /// <param name="share">In [0, 1); 0.1 is usual.</param>
    public Training DropLabels(double share = 0.1) => WithLabelDropout(share);

    /// <summary>The same training, with some captions hidden from the network.</summary>
    /// <param name="share">In [0, 1); 0.1 is usual.</param>
    public Training DropCaptions(double share = 0.1) => WithCaptionDropout(share);

    /// <summary>The same training with all mistakes of the course.</summary>
    public Training AsInCourse() => WithErrata(CourseErrata.All);

    /// <summary>The same training with some mistakes of the course.</summary>
    /// <param name="errata">Which.</param>
    public Training AsInCourse(CourseErrata errata) => WithErrata(errata);
}
