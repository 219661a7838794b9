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
/// Denoising diffusion training of a U-Net, with classes, text or neither, on pictures or on their latents: ε, then t, then x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) ε, then the objective's loss. Ho, Jain and
/// Abbeel (2020), arXiv:2006.11239, Algorithm 1.
/// </summary>
public sealed class DenoisingTask : TrainingTask
{
    private const double SampleGuidance = 4;

    private readonly Dsl.Training training;
    private readonly Denoiser denoiser;
    private readonly Denoiser? half;
    private readonly FrozenAutoencoder? vae;
    private readonly CaptionReader? text;
    private readonly nn.Module? passing;
    private readonly ObjectiveLoss objective;
    private EquatableArray<string> captions = EquatableArray.Of("");

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
            if (denoiser.Facts.CrossAttentionDim is not null && training.TextEncoder is null)
                throw Rules.TrainingPartMissing.Error("text encoder", "Text(Pretrained.From(\"models/shapes\").Clip)");

            vae = FrozenAutoencoder.Load(training, place);
            text = CaptionReader.Load(training, place);
            Model = UnetAndText.Of(denoiser.Model, text?.Learning);
            var pipeline = Around(training.Network is PretrainedUNet known ? known.Model : Own());
            var spec = PipelineCompiler.Resolve(pipeline.WithNoiseSchedule(training.NoiseSchedule)).Spec;
            var learned = training.LearnedObjective ?? new Objective(spec.Prediction);
            objective = new ObjectiveLoss(learned, spec.Noise);

            // A checkpoint whose prediction type is changed is another model from now on.
            Pipeline = (learned.Prediction == spec.Prediction ? pipeline : Around(Own())).Noise(spec.Noise).Prediction(learned.Prediction);
            half = training.ComputePrecision == Precision.Float32 ? null : denoiser.Copy(LayerOptions.Unset(ElementTypes.Of(training.ComputePrecision), place));
            passing = half is null ? null : UnetAndText.Of(half.Model, text?.Passing);
            Passes.CheckpointGradients = training.GradientCheckpointing;
            Passes.Model.train();
            if (training.LabelDropout > 0 && denoiser.Facts.NullClass is null)
                throw Rules.LabelDropoutNeedsNullClass.Error(training.LabelDropout, training.Network);
        }
        catch
        {
            objective?.Dispose();
            half?.Dispose();
            text?.Dispose();
            vae?.Dispose();
            denoiser.Dispose();
            throw;
        }
    }

    /// <summary>The network, or network and text encoder, where both learn.</summary>
    public override nn.Module Model { get; }

    /// <summary>How noisy each timestep is, and what the network predicts, as a pipeline of the network says it.</summary>
    public Pipeline Pipeline { get; }

    /// <inheritdoc/>
    public override bool DrawsGlobally => denoiser.HasDropout;

    // Where forward and backward passes happen.
    private Denoiser Passes => half ?? denoiser;

    /// <summary>The noise of the latents, where there are latents, and ε, <c>[N, C, H, W]</c>; then t <c>[N]</c>; then which labels and which captions are dropped, <c>[N]</c> each, where some are.</summary>
    /// <param name="shape">The shape of all pictures of the step.</param>
    /// <param name="random">Where random numbers come from.</param>
    public override IReadOnlyList<Tensor> Draw(long[] shape, Generator random)
    {
        var last = training.Errata.MissesLastTimestep ? 1 : 0;
        var learnt = vae?.Shape(shape) ?? shape;
        List<Tensor> draws = vae is null ? [] : [randn(learnt, generator: random)];
        draws.AddRange([randn(learnt, generator: random), TimestepDraws.Draw(training.TimestepSampling, shape[0], objective.TrainTimesteps - last, random)]);
        if (training.LabelDropout > 0)
            draws.Add(ConditionDropout.Mask(shape[0], training.LabelDropout, random));
        if (training.CaptionDropout > 0)
            draws.Add(ConditionDropout.Mask(shape[0], training.CaptionDropout, random));
        return draws;
    }

    /// <inheritdoc/>
    public override Tensor Loss(ImageBatch batch, IReadOnlyList<Tensor> draws)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(draws);
        var (type, place) = (Passes.DType, Passes.Device);
        var drawn = new Queue<Tensor>(draws);
        var pictures = batch.Images.to(place);
        var learnt = vae?.Encode(pictures, drawn.Dequeue()) ?? pictures;
        var (noise, timesteps) = (drawn.Dequeue().to(place), drawn.Dequeue());
        var condition = Labels(batch, drawn) ?? Text(batch, drawn);
        return objective.Loss((noisy, times) => Passes.Predict(noisy.to(type), times, condition?.to(place)).to(ScalarType.Float32), learnt, noise, timesteps);
    }

    /// <inheritdoc/>
    public override void Check(ImageBatch batch, string data)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long[] given = batch.Images.shape[1..];
        if ((vae?.Channels ?? given[0]) != denoiser.Facts.InChannels)
            throw Rules.TrainingShape.Error(data, string.Join(", ", given), FormattableString.Invariant($"{(vae is null ? denoiser.Facts.InChannels : "3")}, H, W"));
        if (text is not null && batch.Captions.All(caption => caption.Length == 0))
            throw Rules.CaptionsMissing.Error(data);
        if (denoiser.Facts.Classes is not { } classes)
            return;

        if (batch.Labels is null)
            throw Rules.LabelsMissing.Error(classes, data);
        var labels = batch.Labels.data<long>().ToArray();
        if (Array.FindIndex(labels, label => label < 0 || label >= classes) is >= 0 and var wrong)
            throw Rules.TrainingLabel.Error(batch.Sources[wrong], labels[wrong], classes, classes - 1);
    }

    /// <inheritdoc/>
    public override void BeginStep() => MasterWeights.Follow(passing, Model);

    /// <inheritdoc/>
    public override void EndGradients() => MasterWeights.Collect(passing, Model);

    /// <summary>Pictures of the network; where it knows classes, of one class after the other; where it reads text, of the last batch's first captions, with guidance of 4.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed of the first one.</param>
    /// <param name="scheduler">The sampler.</param>
    public override IReadOnlyList<Image> Sample(int count, long seed, Scheduler scheduler)
    {
        var mode = denoiser.Model.training;
        denoiser.Model.eval();
        try
        {
            var sampler = vae is null ? scheduler : scheduler.Resolve(SchedulerConfig.OfLatents);
            using var run = Loaded((text is null ? Pipeline : Pipeline.Guidance(Guiders.Cfg(SampleGuidance))).Scheduler(sampler).Compile(CompileOptions.Default));
            if (text is not null)
                return [.. run.Generate(Enumerable.Range(0, count).Select(i => captions[i % captions.Count]), seed)];
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
        using var run = Loaded(Pipeline.Compile(CompileOptions.Default.WithMode(CompileMode.Interpreter)));
        run.SavePretrained(folder);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        objective.Dispose();
        half?.Dispose();
        text?.Dispose();
        vae?.Dispose();
        denoiser.Dispose();
    }

    private LoadedPipeline Loaded(CompiledPipeline compiled) =>
        text?.ForSampling() is { } learnt ? compiled.Load(denoiser.ForSampling(), learnt) : compiled.Load(denoiser.ForSampling());

    private UnetModel Own() => UnetModel.Custom("the trained network", denoiser.Facts);

    private Pipeline Around(UnetModel unet)
    {
        var pipeline = training.Autoencoder is { } autoencoder ? Pipeline.From(autoencoder).Unet(unet) : Pipeline.From(unet);
        return training.TextEncoder is { } encoder ? pipeline.Text(encoder) : pipeline;
    }

    private Tensor? Labels(ImageBatch batch, Queue<Tensor> drawn) => denoiser.Facts.Classes is null ? null
        : training.LabelDropout > 0 ? ConditionDropout.Labels(batch.Labels!, drawn.Dequeue(), denoiser.Facts.NullClass!.Value)
        : batch.Labels;

    private Tensor? Text(ImageBatch batch, Queue<Tensor> drawn)
    {
        if (text is null)
            return null;

        captions = batch.Captions;
        return text.Read(training.CaptionDropout > 0 ? ConditionDropout.Captions(captions, drawn.Dequeue()) : captions);
    }
}
