using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Weights;
using Diffusion.Tests.Sampling;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Estimation;

public sealed class MemoryEstimateTests(TinyStableDiffusion sd) : IClassFixture<TinyStableDiffusion>
{
    private const long Mebibyte = 1 << 20;

    private static readonly Pretrained Model = Pretrained.From("models/none");

    private static readonly Pipeline Sd1 = Pipeline.From(Model.Vae).Text(Model.Clip).Unet(Model.Unet).Scheduler(Ddim(40)).Guidance(Cfg(7.5));

    private static readonly ModelConfigs Configs = new(Condition: UNet2DConditionConfig.Sd1, Vae: AutoencoderKLConfig.Sd, Text: ClipTextConfig.StableDiffusion1);

    [Fact]
    public void TheWeightsOfStableDiffusionIn16BitsAreTheKnownOnes()
    {
        var estimate = MemoryEstimate.Of(Sd1, Configs, precision: Precision.Float16);

        Assert.Equal(["text_encoder", "unet", "vae"], estimate.Components.Select(component => component.Name));
        Assert.Equal([123_060_480, 859_520_964, 83_653_863], estimate.Components.Select(component => component.Parameters));
        Assert.Equal([235, 1639, 160], estimate.Components.Select(component => (int)Math.Round(component.Bytes / (double)Mebibyte)));
        Assert.Equal(2 * estimate.Weights, MemoryEstimate.Of(Sd1, Configs).Weights);
    }

    // 2 samples · 8 heads · 4096² scores of two bytes.
    [Fact]
    public void SlicesDivideTheScores()
    {
        long Scores(Pipeline pipeline) => MemoryEstimate.Of(pipeline, Configs, precision: Precision.Float16).AttentionScores / Mebibyte;

        Assert.Equal(512, Scores(Sd1));
        Assert.Equal(128, Scores(Sd1.AttentionSlicing(Slicing.Auto)));
        Assert.Equal(32, Scores(Sd1.AttentionSlicing(Slicing.Max)));
        Assert.Equal(64, Scores(Sd1.AttentionSlicing(Slicing.Of(2))));
        Assert.Equal(256, Scores(Sd1.WithGuiders(Cfg(1))));
    }

    [Fact]
    public void WhatIsAskedForChangesTheStageItConcerns()
    {
        long Activations(Pipeline pipeline, string stage, int batch = 1) => MemoryEstimate.Of(pipeline, Configs, batch).Stages.Single(entry => entry.Name == stage).Activations;

        Assert.InRange(Activations(Sd1.VaeTiling(256), "decode"), 1, Activations(Sd1, "decode") / 3);
        Assert.Equal(Activations(Sd1, "decode"), Activations(Sd1.VaeTiling(512), "decode"));
        Assert.InRange(Activations(Sd1.Size(1024, 512), "decode"), Activations(Sd1, "decode") * 1.9, Activations(Sd1, "decode") * 2.1);
        Assert.InRange(Activations(Sd1, "denoise", 4), Activations(Sd1, "denoise") * 2.5, Activations(Sd1, "denoise") * 4.1);
        Assert.True(Activations(Sd1.WithGuiders(), "denoise") < Activations(Sd1, "denoise"));
        Assert.Equal(Activations(Sd1, "decode"), Activations(Sd1, "decode", batch: 4));
    }

    [Fact]
    public void OffloadNeedsTheLargestStage()
    {
        var estimate = MemoryEstimate.Of(Sd1, Configs);

        Assert.Equal(estimate.Stages.Max(stage => stage.Weights + stage.Activations), estimate.OffloadedPeak);
        Assert.Equal(estimate.Weights + estimate.Stages.Max(stage => stage.Activations), estimate.Peak);
        Assert.True(estimate.OffloadedPeak < estimate.Peak);
    }

    [Fact]
    public void WhatIsUnknownIsNotCounted()
    {
        var none = MemoryEstimate.Of(Sd1, new ModelConfigs());

        Assert.Empty(none.Components);
        Assert.Equal(0, none.Peak);
        Assert.Equal("DIF0105", Assert.Throws<DiffusionException>(() => MemoryEstimate.Of(Sd1, Configs, batch: 0)).Id);
    }

    [Fact]
    public void AFolderIsEstimatedFromItsConfigFiles()
    {
        var estimate = sd.Pipeline.EstimateMemory();
        using var unet = UNet2DConditionModel.FromPretrained(sd.Folder);

        Assert.Equal(unet.ParameterCount, estimate.Components.Single(component => component.Name == "unet").Parameters);
        Assert.Matches(@"\nunet +UNet2DConditionModel +[0-9,]+ +[0-9.]+ MiB\n", sd.Pipeline.Explain());
        Assert.Matches(@"\npeak +all weights and the largest stage +[0-9.]+ MiB\n", sd.Pipeline.Explain());
    }

    [Fact]
    public void AConfigThatIsNoneIsTold()
    {
        using var other = new TinyStableDiffusion();
        File.WriteAllText(Path.Combine(other.Folder, "vae", "config.json"), """{"_class_name": "AutoencoderKL", "layers_per_block": 0}""");
        var configs = ModelConfigs.Read(other.Pipeline, new DiskModelFiles());

        Assert.Null(configs.Vae);
        Assert.NotEmpty(configs.Findings);
        Assert.Contains("memory is unknown: DIF0405", other.Pipeline.Explain());
    }
}
