using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// Denoising diffusion training of a U-Net, with or without classes: ε, then t, then x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) ε, then the objective's loss. Ho, Jain and
/// Abbeel (2020), arXiv:2006.11239, Algorithm 1.
/// </summary>
public sealed class DenoisingTask : TrainingTask
{
    private readonly Dsl.Training training;
    private readonly Denoiser denoiser;
    private readonly Denoiser? half;
    private readonly ObjectiveLoss objective;

    /// <summary>The task of a definition: makes or loads its network, and knows its noise schedule.</summary>
    /// <param name="training">The definition, of a network by configuration or name.</param>
    /// <param name="device">Where the network is; null: the CPU.</param>
    /// <exception cref="DiffusionException">The checkpoint cannot be loaded, the objective does not fit its noise schedule, or the hardware lacks the number format (DIF0232).</exception>
    public DenoisingTask(Dsl.Training training, Dsl.Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        this.training = training;
        Hardware.Check(training.ComputePrecision, device ?? Dsl.Device.Cpu);
        var place = new torch.Device((device ?? Dsl.Device.Cpu).ToString());
        denoiser = Denoiser.Of(training, place);
        try
        {
            var pipeline = training.Network is PretrainedUNet known ? Pipeline.From(known.Model) : Pipeline.From(UnetModel.Custom("the trained network", denoiser.Facts));
            var spec = PipelineCompiler.Resolve(pipeline.WithNoiseSchedule(training.NoiseSchedule)).Spec;
            var learned = training.LearnedObjective ?? new Objective(spec.Prediction);
            objective = new ObjectiveLoss(learned, spec.Noise);

            // A checkpoint whose prediction type is changed is another model from now on.
            Pipeline = (learned.Prediction == spec.Prediction ? pipeline : Pipeline.From(UnetModel.Custom("the trained network", denoiser.Facts))).Noise(spec.Noise).Prediction(learned.Prediction);
            half = training.ComputePrecision == Precision.Float32 ? null : denoiser.Copy(LayerOptions.Unset(ElementTypes.Of(training.ComputePrecision), place));
            Passes.UNet.CheckpointGradients = training.GradientCheckpointing;
            Passes.Model.train();
            if (training.LabelDropout > 0 && denoiser.Facts.NullClass is null)
                throw Rules.LabelDropoutNeedsNullClass.Error(training.LabelDropout, training.Network);
        }
        catch
        {
            objective?.Dispose();
            half?.Dispose();
            denoiser.Dispose();
            throw;
        }
    }

    /// <summary>The network.</summary>
    public override nn.Module Model => denoiser.Model;

    /// <summary>How noisy each timestep is, and what the network predicts, as a pipeline of the network says it.</summary>
    public Pipeline Pipeline { get; }

    /// <inheritdoc/>
    public override bool DrawsGlobally => denoiser.UNet.Config.Dropout > 0;

    // Where forward and backward passes happen.
    private Denoiser Passes => half ?? denoiser;

    /// <summary>ε <c>[N, C, H, W]</c>, then t <c>[N]</c>, then, where labels are dropped, which <c>[N]</c>.</summary>
    /// <param name="shape">The shape of all pictures of the step.</param>
    /// <param name="random">Where random numbers come from.</param>
    public override IReadOnlyList<Tensor> Draw(long[] shape, Generator random)
    {
        var last = training.Errata.MissesLastTimestep ? 1 : 0;
        List<Tensor> draws = [randn(shape, generator: random), TimestepDraws.Draw(training.TimestepSampling, shape[0], objective.TrainTimesteps - last, random)];
        if (training.LabelDropout > 0)
            draws.Add(ConditionDropout.Mask(shape[0], training.LabelDropout, random));
        return draws;
    }

    /// <inheritdoc/>
    public override Tensor Loss(ImageBatch batch, IReadOnlyList<Tensor> draws)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(draws);
        var (type, place) = (Passes.UNet.DType, Passes.UNet.Device);
        var labels = denoiser.Facts.Classes is null ? null : Labels(batch.Labels!, draws).to(place);
        return objective.Loss(
            (noisy, timesteps) => Passes.Predict(noisy.to(type), timesteps, labels).to(ScalarType.Float32),
            batch.Images.to(place),
            draws[0].to(place),
            draws[1]);
    }

    /// <inheritdoc/>
    public override void Check(ImageBatch batch, string data)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long[] given = batch.Images.shape[1..];
        if (given[0] != denoiser.Facts.InChannels)
            throw Rules.TrainingShape.Error(data, string.Join(", ", given), FormattableString.Invariant($"{denoiser.Facts.InChannels}, H, W"));
        if (denoiser.Facts.Classes is not { } classes)
            return;

        if (batch.Labels is null)
            throw Rules.LabelsMissing.Error(classes, data);
        var labels = batch.Labels.data<long>().ToArray();
        if (Array.FindIndex(labels, label => label < 0 || label >= classes) is >= 0 and var wrong)
            throw Rules.TrainingLabel.Error(batch.Sources[wrong], labels[wrong], classes, classes - 1);
    }

    /// <inheritdoc/>
    public override void BeginStep() => MasterWeights.Follow(half?.Model, denoiser.Model);

    /// <inheritdoc/>
    public override void EndGradients() => MasterWeights.Collect(half?.Model, denoiser.Model);

    /// <summary>Pictures of the network; where it knows classes, of one class after the other.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed of the first one.</param>
    /// <param name="scheduler">The sampler.</param>
    public override IReadOnlyList<Image> Sample(int count, long seed, Scheduler scheduler)
    {
        var mode = denoiser.Model.training;
        denoiser.Model.eval();
        try
        {
            using var run = Pipeline.Scheduler(scheduler).Compile(CompileOptions.Default).Load(denoiser.ForSampling());
            return [.. denoiser.Facts.Classes is { } classes ? run.Generate(Enumerable.Range(0, count).Select(i => i % classes), seed) : run.Generate(count, seed)];
        }
        finally
        {
            denoiser.Model.train(mode);
        }
    }

    /// <summary>Writes model_index.json, unet/ and scheduler/, as diffusers' <c>DDPMPipeline.save_pretrained</c> does.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    public override void SavePretrained(string folder)
    {
        using var run = Pipeline.Compile(CompileOptions.Default.WithMode(CompileMode.Interpreter)).Load(denoiser.ForSampling());
        run.SavePretrained(folder);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        objective.Dispose();
        half?.Dispose();
        denoiser.Dispose();
    }

    private Tensor Labels(Tensor labels, IReadOnlyList<Tensor> draws) =>
        training.LabelDropout > 0 ? ConditionDropout.Labels(labels, draws[2], denoiser.Facts.NullClass!.Value) : labels;
}
