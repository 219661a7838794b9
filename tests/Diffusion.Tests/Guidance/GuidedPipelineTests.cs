using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using Diffusion.Tests.Models;
using Diffusion.Tests.Samplers;
using Diffusion.Tests.Sampling;
using TorchSharp;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;
using static TorchSharp.torch;

namespace Diffusion.Tests.Guidance;

/// <summary>Whole pipelines with guiders beside Cfg: what is loaded for them, and what comes out.</summary>
public sealed class GuidedPipelineTests(TinyStableDiffusion sd) : IClassFixture<TinyStableDiffusion>, IDisposable
{
    private const string Prompt = "a photo of a small house";

    private static readonly CompileOptions Options = CompileOptions.Default.WithCacheDirectory("");

    private readonly string _folder = Directory.CreateTempSubdirectory("diffusion-guiders-").FullName;

    private Pipeline Plain => sd.Pipeline.Scheduler(Ddim(3));

    public static TheoryData<string> Texts => ["Apg(5)", "CfgZero(4, zeroSteps: 0)", "CfgPlusPlus(0.6)", "Pag(3)", "Cfg(5), Pag(3)"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Texts))]
    public void CompiledIsInterpretedAndGuidanceIsSeen(string guiders)
    {
        using var scope = NewDisposeScope();
        var guided = Plain.WithGuiders(Named(guiders));
        var compiled = Latents(guided, CompileMode.RunTime);

        Assert.InRange(Distance(compiled, Latents(guided, CompileMode.Interpreter)), 0, 1e-4);
        Assert.True(Distance(compiled, Latents(Plain, CompileMode.RunTime)) > 1e-3);
    }

    [Fact]
    public void ANetworkIsNoGuideToItself()
    {
        using var scope = NewDisposeScope();
        var own = Plain.WithGuiders(Autoguidance(Pretrained.From(sd.Folder).Unet, 3));

        Assert.InRange(Distance(Latents(own, CompileMode.RunTime), Latents(Plain, CompileMode.RunTime)), 0, 1e-4);
        Assert.InRange(Distance(Latents(own.Guidance(Cfg(4)), CompileMode.RunTime), Latents(Plain.Guidance(Cfg(4)), CompileMode.RunTime)), 0, 1e-4);
    }

    [Fact]
    public void AWorseNetworkIsLoadedBesideTheOtherAndFreedWithIt()
    {
        using var scope = NewDisposeScope();
        var guided = Plain.Guidance(Autoguidance(Other(), 2));
        using var alone = Plain.Compile(Options).Load();
        var run = guided.Compile(Options).Load();
        var unet = alone.WeightBytes - run.WeightBytes;

        Assert.True(unet < 0, "the second network weighs " + -unet);
        Assert.True(Distance(Latents(guided, CompileMode.RunTime), Latents(Plain, CompileMode.RunTime)) > 1e-3);
        Assert.InRange(Distance(Latents(guided, CompileMode.RunTime), Latents(guided, CompileMode.Interpreter)), 0, 1e-4);
        run.Dispose();
        Assert.Equal(0, run.WeightBytes);
    }

    [Fact]
    public void AWorseNetworkComesAndGoesWithItsStage()
    {
        var compiled = Plain.Guidance(Cfg(3), Autoguidance(Other(), 2)).Compile(Options);
        using var stays = compiled.Load();
        using var goes = compiled.Load(LoadOptions.Default.WithOffload(true));
        var most = 0L;
        goes.WithStages(_ => most = Math.Max(most, goes.WeightBytes));

        Assert.Equal(0, goes.WeightBytes);
        Assert.Equal(stays.Generate(Prompt, seed: 1)[0].Pixels.ToArray(), goes.Generate(Prompt, seed: 1)[0].Pixels.ToArray());
        Assert.Equal(0, goes.WeightBytes);
        Assert.InRange(most, 1, stays.WeightBytes - 1);
    }

    [Fact]
    public void NetworksWithoutConditionsAreGuidedToo()
    {
        using var model = UNet2DModel.FromConfig(TinyUNet.Config, seed: 1);
        model.SavePretrained(Path.Combine(_folder, "unet"));
        using var other = UNet2DModel.FromConfig(TinyUNet.Config, seed: 2);
        other.SavePretrained(Path.Combine(_folder, "worse"));
        var unet = Pretrained.From(_folder).Unet;
        var plain = Pipeline.From(unet).Scheduler(Ddim(3, clamp: Clamp.None));
        byte[] Pixels(params Guider[] guiders)
        {
            using var run = plain.Guidance(guiders).Compile(Options).Load();
            return run.Generate(count: 2, seed: 3).SelectMany(image => image.Pixels.ToArray()).ToArray();
        }

        var (none, worse, perturbed) = (Pixels(), Pixels(Autoguidance(unet.WithSubfolder("worse"), 3)), Pixels(Pag(5)));
        Assert.InRange(Different(none, Pixels(Autoguidance(unet, 3))), 0, 1);
        Assert.True(Different(none, worse) > 1);
        Assert.True(Different(none, perturbed) > 1);
    }

    [Fact]
    public void NetworksOfTheProgramAreTold()
    {
        var definition = Pipeline.From(UnetModel.Custom("a test", new UnetFacts(3, 3, 8, 8))).Scheduler(Ddim(4));
        var auto = definition.Guidance(Autoguidance(UnetModel.Custom("worse", new UnetFacts(3, 3)), 2)).Compile(Options);
        using var plain = definition.Compile(Options).Load(new RandomNetwork());
        using var guided = auto.Load(new RandomNetwork(), new RandomNetwork(shift: 1));
        using var perturbed = definition.Guidance(Pag(2)).Compile(Options).Load(new RandomNetwork());
        var same = new RandomNetwork();
        using var itself = auto.Load(same, same);

        Assert.NotEqual(Pixels(plain), Pixels(guided));
        Assert.NotEqual(Pixels(plain), Pixels(perturbed));
        Assert.InRange(Different(Pixels(plain), Pixels(itself)), 0, 1);
        Assert.Equal("DIF0421", Assert.Throws<DiffusionException>(() => auto.Load(new RandomNetwork())).Id);
        var error = Assert.Throws<DiffusionException>(() => definition.Guidance(Pag(2)).Compile(Options).Load(new RandomNetwork(), new RandomNetwork()));
        Assert.Equal("DIF0422", error.Id);
        Assert.Contains("with the guidance Pag(2)", error.Message);

        static byte[] Pixels(LoadedPipeline run) => run.Generate(seed: 2)[0].Pixels.ToArray();
    }

    [Fact]
    public void GradientsComposeWithEveryCombination()
    {
        var facts = new UnetFacts(3, 3, 8, 8).WithClasses(2, nullClass: 2);
        var plain = Pipeline.From(UnetModel.Custom("a test", facts)).Scheduler(Ddim(4, clamp: Clamp.None)).Prediction(PredictionType.VPrediction);
        foreach (var guider in new Guider[] { Pag(2), Apg(3), CfgZero(3, zeroSteps: 2), CfgPlusPlus(0.6) })
        {
            using var scope = NewDisposeScope();
            var steered = plain.Guidance(guider, Color(0.1, 0.9, 0.5, scale: 3));
            var compiled = Steered(steered, CompileMode.RunTime);

            Assert.InRange(Distance(compiled, Steered(steered, CompileMode.Interpreter)), 0, 1e-4);
            Assert.True(Distance(compiled, Steered(plain.Guidance(guider), CompileMode.RunTime)) > 1e-3, guider + " hides the gradient");
        }

        static Tensor Steered(Pipeline pipeline, CompileMode mode)
        {
            Tensor? last = null;
            using var run = pipeline.Compile(Options.WithMode(mode)).Load(new RandomNetwork()).WithRecording(seeds => new SeededNoise(seeds), step =>
            {
                last?.Dispose();
                last = step.X.clone().DetachFromDisposeScope();
            });
            run.Generate(seed: 3, label: 1);
            return last!;
        }
    }

    [Fact]
    public void LayersThatAreNotThereAreToldWhenThePipelineIsLoaded()
    {
        var error = Assert.Throws<DiffusionException>(() => Plain.Guidance(Pag(3, layers: ["mid_block", "encoder"])).Compile(Options).Load());

        Assert.Equal("DIF0420", error.Id);
        Assert.Contains("the layer encoder of Pag", error.Message);
    }

    [Fact]
    public void ANegativePromptIsReadByEveryCombination()
    {
        foreach (var guider in new Guider[] { Apg(5), CfgZero(4, zeroSteps: 0), CfgPlusPlus(0.6) })
        {
            using var run = Plain.Guidance(guider).Negative("two cats").Compile(Options).Load();
            using var other = Plain.Guidance(guider).Compile(Options).Load();

            Assert.Empty(run.Generate(Prompt).Warnings);
            Assert.NotEqual(other.Generate(Prompt)[0].Pixels.ToArray(), run.Generate(Prompt)[0].Pixels.ToArray());
            Assert.Equal("DIF0444", Assert.Throws<DiffusionException>(() => run.Generate([Dsl.Prompt.Of(Prompt).WithScale(3)])).Id);
        }
    }

    [Fact]
    public void ScalesOfPicturesGoWithPag()
    {
        using var scope = NewDisposeScope();
        var pipeline = Plain.Guidance(Cfg(7.5), Pag(2));
        var own = Latents(pipeline, CompileMode.RunTime, Dsl.Prompt.Of(Prompt).WithSeed(1).WithScale(3));

        Assert.InRange(Distance(own, Latents(pipeline.WithGuiders(Cfg(3), Pag(2)), CompileMode.RunTime)), 0, 1e-4);
    }

    [Fact]
    public void NothingStaysAllocated()
    {
        using var run = Plain.Guidance(Apg(5, threshold: 2), Pag(2), Autoguidance(Other(), 2)).Compile(Options).Load();
        run.Generate(Prompt);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        run.Generate(Prompt);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void ReceiptsHashTheWorseNetwork()
    {
        using var run = Plain.Guidance(Autoguidance(Other(), 2)).Compile(Options).Load();
        var receipt = run.Generate(Prompt, seed: 1)[0].Receipt!;

        Assert.Contains(receipt.Weights, weight => weight.File.StartsWith("worse/", StringComparison.Ordinal));
        Assert.Equal(Plain.Guidance(Autoguidance(Other(), 2)), receipt.Pipeline);
    }

    [Fact]
    public void MemoryCountsTheWorseNetwork()
    {
        var guided = Plain.Guidance(Autoguidance(Other(), 2));
        var (one, two) = (Estimate(Plain), Estimate(guided));
        var extra = two.Components.Single(component => component.Name == "worse unet");

        Assert.Equal(one.Components.Single(component => component.Name == "unet").Bytes, extra.Bytes);
        Assert.Equal(one.Weights + extra.Bytes, two.Weights);
        Assert.Equal(one.Peak + extra.Bytes, two.Peak);

        static MemoryEstimate Estimate(Pipeline pipeline) => MemoryEstimate.Of(pipeline, ModelConfigs.Read(pipeline, new Runtime.Weights.DiskModelFiles(null)));
    }

    private UnetModel Other()
    {
        using var worse = UNet2DConditionModel.FromConfig(TinyCondition.Config, seed: 9);
        worse.SavePretrained(Path.Combine(_folder, "worse"));
        return Pretrained.From(_folder).Unet.WithSubfolder("worse");
    }

    private static Guider[] Named(string text) => text switch
    {
        "Apg(5)" => [Apg(5)],
        "CfgZero(4, zeroSteps: 0)" => [CfgZero(4, zeroSteps: 0)],
        "CfgPlusPlus(0.6)" => [CfgPlusPlus(0.6)],
        "Pag(3)" => [Pag(3)],
        _ => [Cfg(5), Pag(3)],
    };

    private static Tensor Latents(Pipeline pipeline, CompileMode mode, Prompt? prompt = null)
    {
        using var run = pipeline.Compile(Options.WithMode(mode)).Load();
        var latents = new List<Tensor>();
        using var recorded = run.WithRecording(seeds => new SeededNoise(seeds), step => latents.Add(step.X.clone().DetachFromDisposeScope()));
        recorded.Generate([prompt ?? Dsl.Prompt.Of(Prompt).WithSeed(1)]);
        latents[..^1].ForEach(each => each.Dispose());
        return latents[^1];
    }

    private static float Distance(Tensor one, Tensor other) => (one - other).abs().max().item<float>() / other.abs().max().item<float>();

    private static int Different(byte[] one, byte[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Max();
}
