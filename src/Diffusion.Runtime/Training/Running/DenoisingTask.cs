using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// Denoising diffusion training of a <see cref="UNet2DModel"/>: ε, then t, then x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) ε, then the objective's loss. Ho, Jain and
/// Abbeel (2020), arXiv:2006.11239, Algorithm 1.
/// </summary>
public sealed class DenoisingTask : TrainingTask
{
    private readonly Dsl.Training training;
    private readonly Pipeline pipeline;
    private readonly UNet2DModel model;
    private readonly UNet2DModel? half;
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
        (model, pipeline) = training.Network switch
        {
            UntrainedUNet fresh => (UNet2DModel.FromConfig(fresh.Config, training.RandomSeed, device: place), Pipeline.From(UnetModel.Custom("the trained network", UnetFacts.Read(fresh.Config.ToJson())))),
            PretrainedUNet known => (Load(known.Model, place), Pipeline.From(known.Model)),
            var other => throw Rules.TaskMissing.Error(other),
        };
        try
        {
            var spec = PipelineCompiler.Resolve(pipeline.WithNoiseSchedule(training.NoiseSchedule)).Spec;
            var learned = training.LearnedObjective ?? new Objective(spec.Prediction);
            pipeline = pipeline.Noise(spec.Noise).Prediction(learned.Prediction);
            objective = new ObjectiveLoss(learned, spec.Noise);
            half = training.ComputePrecision == Precision.Float32 ? null : UNet2DModel.FromConfig(model.Config, Layers.LayerOptions.Unset(Hardware.Type(training.ComputePrecision), place));
            Passes.train();
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The network.</summary>
    public override nn.Module Model => model;

    /// <inheritdoc/>
    public override bool DrawsGlobally => model.Config.Dropout > 0;

    /// <summary>How noisy each timestep is, and what the network predicts, as a pipeline of the network says it.</summary>
    public Pipeline Pipeline => pipeline;

    // Where forward and backward passes happen.
    private UNet2DModel Passes => half ?? model;

    private int? Classes => model.Config.ClassEmbedType is null ? model.Config.NumClassEmbeds : null;

    /// <summary>ε <c>[N, C, H, W]</c>, then t <c>[N]</c>.</summary>
    /// <param name="shape">The shape of all pictures of the step.</param>
    /// <param name="random">Where random numbers come from.</param>
    public override IReadOnlyList<Tensor> Draw(long[] shape, Generator random)
    {
        var last = training.Errata.MissesLastTimestep ? 1 : 0;
        return [randn(shape, generator: random), TimestepDraws.Draw(training.TimestepSampling, shape[0], objective.TrainTimesteps - last, random)];
    }

    /// <inheritdoc/>
    public override Tensor Loss(ImageBatch batch, IReadOnlyList<Tensor> draws)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(draws);
        var labels = Classes is null ? null : batch.Labels!.to(Passes.Device);
        var (clean, noise) = (batch.Images.to(Passes.Device), draws[0].to(Passes.Device));
        return objective.Loss(
            (noisy, timesteps) => Passes.call(noisy.to(Passes.DType), timesteps, labels).to(ScalarType.Float32),
            clean,
            noise,
            draws[1]);
    }

    /// <inheritdoc/>
    public override void Check(ImageBatch batch, string data)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long[] given = batch.Images.shape[1..];
        if (given[0] != model.Config.InChannels)
            throw Rules.TrainingShape.Error(data, string.Join(", ", given), FormattableString.Invariant($"{model.Config.InChannels}, H, W"));
        if (Classes is not { } classes)
            return;

        if (batch.Labels is null)
            throw Rules.LabelsMissing.Error(classes, data);
        var labels = batch.Labels.data<long>().ToArray();
        if (Array.FindIndex(labels, label => label < 0 || label >= classes) is >= 0 and var wrong)
            throw Rules.TrainingLabel.Error(batch.Sources[wrong], labels[wrong], classes, classes - 1);
    }

    /// <inheritdoc/>
    public override void BeginStep() => MasterWeights.Follow(half, model);

    /// <inheritdoc/>
    public override void EndGradients() => MasterWeights.Collect(half, model);

    /// <inheritdoc/>
    public override IReadOnlyList<Image> Sample(int count, long seed, Scheduler scheduler)
    {
        var mode = model.training;
        model.eval();
        try
        {
            using var run = pipeline.Scheduler(scheduler).Compile(CompileOptions.Default).Load(new UNet2DNetwork(model, owns: false));
            return [.. run.Generate(count, seed)];
        }
        finally
        {
            model.train(mode);
        }
    }

    /// <summary>Writes model_index.json, unet/ and scheduler/, as diffusers' <c>DDPMPipeline.save_pretrained</c> does.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    public override void SavePretrained(string folder)
    {
        using var run = pipeline.Compile(CompileOptions.Default.WithMode(CompileMode.Interpreter)).Load(new UNet2DNetwork(model, owns: false));
        run.SavePretrained(folder);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        objective.Dispose();
        half?.Dispose();
        model.Dispose();
    }

    private static UNet2DModel Load(UnetModel known, torch.Device place) =>
        UNet2DModel.FromPretrained(System.IO.Path.Combine(Weights.ModelFolders.Find(known.Source) ?? throw Rules.CheckpointMissing.Error(known.Source), known.Subfolder), ScalarType.Float32, place);
}
