using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Data.Shapes;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Text;
using Diffusion.Runtime.Training;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;
using static TorchSharp.torch;

namespace Diffusion.Tests.Training;

/// <summary>Trainings of text to image: on latents, with captions, some of which are dropped, and with a text encoder that stays or learns.</summary>
public sealed class TextTrainingTests(TextTrainingParts parts) : IClassFixture<TextTrainingParts>, IDisposable
{
    private static readonly ShapeData Scenes = TextTrainingParts.Scenes;

    private readonly string folder = Directory.CreateTempSubdirectory("diffusion-text-training-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TheLossIsThatOfScaledLatentsGivenTheCaptions(double dropped)
    {
        using var scope = NewDisposeScope();
        using var task = new DenoisingTask(Training().DropCaptions(dropped));
        var (batch, draws) = Step(task);
        var loss = task.Loss(batch, draws).item<float>();

        using var guard = no_grad();
        using var vae = AutoencoderKL.FromPretrained(parts.PathOf("vae"));
        using var text = ClipTextEncoder.Load(parts.Folder);
        using var encoded = vae.Encode(batch.Images);
        var latents = vae.Scale(encoded.Sample(draws[0]));
        var curve = NoiseSchedule.Linear.Curve();
        var noisy = ForwardProcess.AddNoise(curve, latents, draws[1], draws[2]);
        var condition = cat([.. batch.Captions.Select(caption => text.Encode(dropped == 1 ? "" : caption).Values)]);
        var predicted = ((UNet2DConditionModel)task.Model).Forward(noisy, draws[2], condition);
        var expected = (predicted - ForwardProcess.Velocity(curve, latents, draws[1], draws[2])).square().mean().item<float>();
        Assert.Equal(expected, loss, tolerance: 1e-4 * expected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PassesInSixteenBitsGiveNearlyTheSameLoss(bool learns)
    {
        if (IsRefused(Precision.BFloat16))
            return;

        using var scope = NewDisposeScope();
        var losses = new[] { Precision.Float32, Precision.BFloat16 }.Select(precision =>
        {
            using var task = new DenoisingTask(Training().TrainText(learns).Precision(precision));
            var (batch, draws) = Step(task);
            task.BeginStep();
            return task.Loss(batch, draws).item<float>();
        }).ToArray();
        Assert.Equal(losses[0], losses[1], tolerance: 0.02 * losses[0]);
        Assert.NotEqual(losses[0], losses[1]);
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void AWordThatNoCaptionHasLearnsNothing(Precision precision)
    {
        if (IsRefused(precision))
            return;

        using var scope = NewDisposeScope();
        using var task = new DenoisingTask(Training().TrainText().Precision(precision));
        var (batch, draws) = Step(task);
        task.BeginStep();
        task.Loss(batch, draws).backward();
        task.EndGradients();

        var tokenizer = ClipTokenizer.Load(parts.PathOf("tokenizer"));
        var used = batch.Captions.SelectMany(caption => tokenizer.Encode(caption).Ids).ToHashSet();
        using var gradient = task.Model.get_parameter("text_encoder.text_model.embeddings.token_embedding.weight")!.grad!;
        var moved = gradient.abs().sum(1).data<float>().ToArray();
        Assert.Equal(used.Order(), Enumerable.Range(0, moved.Length).Where(id => moved[id] > 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AResumedRunIsTheRunThatWasNotStopped(bool learns)
    {
        var whole = Weights(Training().TrainText(learns).Steps(4), "whole", resumes: false);
        Weights(Training().TrainText(learns).Steps(2), "parted", resumes: false);
        Assert.Equal(whole, Weights(Training().TrainText(learns).Steps(4), "parted", resumes: true));
    }

    [Theory]
    [InlineData(false, Precision.Float32)]
    [InlineData(false, Precision.BFloat16)]
    [InlineData(true, Precision.Float32)]
    [InlineData(true, Precision.BFloat16)]
    public void TheSavedFolderHoldsTheTextEncoderThatTheNetworkLearntWith(bool learns, Precision precision)
    {
        if (IsRefused(precision))
            return;

        var trained = Training().TrainText(learns).Precision(precision).Ema(0.9).Steps(2).Run(new TrainerOptions(PathIn("run")) { SampleEvery = 2, SampleCount = 1 });
        Assert.True(File.Exists(PathIn("run/samples/step-000002.png")));
        Assert.Equal(!learns, File.ReadAllBytes(parts.PathOf("text_encoder/model.safetensors")).SequenceEqual(File.ReadAllBytes(Path.Combine(trained.ModelFolder, "text_encoder", "model.safetensors"))));

        var model = Pretrained.From(trained.ModelFolder);
        using var run = Pipeline.From(model.Vae).Text(model.Clip).Unet(model.Unet).Scheduler(Ddim(2)).Guidance(Cfg(4)).Compile().Load();
        Assert.Equal(64, run.Generate("a red circle", 1)[0].Width);
    }

    [Fact]
    public void LearningTextWithoutTextIsNamed() =>
        Assert.Contains("DIF0225", Assert.Throws<DiffusionException>(() => Train.Ddpm(Network).On(Scenes).TrainText().Steps(1).Run(new TrainerOptions(PathIn("never")))).Message, StringComparison.Ordinal);

    [Fact]
    public void TheLoopSaysWhatLearns() => Assert.Contains("text(captions); // it learns, too", Training().TrainText().Steps(1).Explain(), StringComparison.Ordinal);

    private static UNet2DConditionConfig Network { get; } = new UNet2DConditionConfig(InChannels: 4, OutChannels: 4, NormNumGroups: 4, MidBlockType: null)
        .WithSampleSize(16).WithBlockOutChannels(8, 16).WithLayersPerBlock(1, 1).WithCrossAttentionDim(16).WithHeads(2).WithBlocks("DownBlock2D", "CrossAttnDownBlock2D");

    private static (ImageBatch Batch, IReadOnlyList<Tensor> Draws) Step(DenoisingTask task)
    {
        using var random = new Generator(6);
        var samples = Enumerable.Range(0, 3).Select(i => Scenes.Shapes.Sample(i)).ToArray();
        var captions = samples.Select(sample => sample.Caption).ToEquatableArray();
        var images = Runtime.Image.ToBatch(samples.Select(sample => sample.Draw()));
        return (new ImageBatch(images, null, captions, captions), task.Draw(images.shape, random));
    }

    // Processors without the format say so, and nothing else can be seen on them.
    private bool IsRefused(Precision precision)
    {
        if (precision == Precision.Float32 || Runtime.Native.Processor.HasBFloat16)
            return false;

        Assert.Equal("DIF0232", Assert.Throws<DiffusionException>(() => new DenoisingTask(Training().Precision(precision))).Id);
        return true;
    }

    private Dsl.Training Training()
    {
        var known = Pretrained.From(parts.Folder);
        return Train.Ddpm(Network).Text(known.Clip).Vae(known.Vae).On(Scenes).Objective(Objectives.Velocity).Batch(4).Seed(1);
    }

    private Dictionary<string, float[]> Weights(Dsl.Training training, string name, bool resumes)
    {
        using var trainer = training.Start(new TrainerOptions(PathIn(name)) { Resume = resumes });
        trainer.Run();
        return trainer.Model.named_parameters().ToDictionary(named => named.name, named => named.parameter.data<float>().ToArray());
    }

    private string PathIn(string name) => Path.Combine(folder, name);
}
