using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Weights.Original;
using Diffusion.Tests.Weights.Original;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Sampling;

/// <summary>Pipelines whose models are one file of the original layout.</summary>
public sealed class SingleFilePipelineTests(TinySingleFiles files) : IClassFixture<TinySingleFiles>
{
    private const string Words = "a photo of a small house";

    private static readonly CompileOptions Options = CompileOptions.Default.WithCacheDirectory("");

    private static readonly Image Picture = new(16, 16, 3, Enumerable.Range(0, 16 * 16 * 3).Select(i => (byte)(i * 7)).ToArray());

    [Theory]
    [InlineData("sd1.safetensors")]
    [InlineData("sd1.ckpt")]
    public void AFileDrawsWhatTheFolderOfTheSameModelsDraws(string name)
    {
        using var folder = files.Pipeline("sd1").Scheduler(Ddim(3)).Guidance(Cfg(5)).Compile(Options).Load();
        using var file = files.Pipeline(name).Scheduler(Ddim(3)).Guidance(Cfg(5)).Compile(Options).Load();

        Assert.Equal(folder.Compiled.Spec, file.Compiled.Spec);
        Assert.Equal(folder.Generate(Words, seed: 3)[0].Pixels.ToArray(), file.Generate(Words, seed: 3)[0].Pixels.ToArray());
    }

    [Fact]
    public void AnInpaintingFileReadsTheMask()
    {
        using var folder = files.Pipeline("inpaint").Scheduler(Ddim(3)).Compile(Options).Load();
        using var file = files.Pipeline("inpaint.safetensors").Scheduler(Ddim(3)).Compile(Options).Load();

        Assert.Equal(folder.Inpaint(Picture, Picture, Words)[0].Pixels.ToArray(), file.Inpaint(Picture, Picture, Words)[0].Pixels.ToArray());
    }

    [Fact]
    public void TheSamplerOfAFileIsThatOfThePublishedModels()
    {
        var spec = files.Pipeline("sd1.safetensors").Compile(Options).Spec;

        Assert.Equal(files.Pipeline("sd1").Compile(Options).Spec, spec);
        Assert.Equal(("Pndm", NoiseSchedule.StableDiffusion, PredictionType.Epsilon), (spec.Sampler.Name, spec.Noise, spec.Prediction));
        Assert.Contains("checkpoint", files.Pipeline("sd1.safetensors").Explain());
    }

    [Fact]
    public void WhatTheNetworkPredictsIsSaidByTheFileElseByTheDefinitionElseGuessed()
    {
        PredictionType Of(Pipeline pipeline) => pipeline.Scheduler(Ddim(3)).Compile(Options).Spec.Prediction;

        Assert.Equal(PredictionType.VPrediction, Of(files.Pipeline("sd2.safetensors")));
        Assert.Equal(PredictionType.Epsilon, Of(files.Pipeline("sd2.safetensors").Prediction(PredictionType.Epsilon)));
        Assert.Equal(PredictionType.Epsilon, Of(files.Pipeline("sd2.ckpt")));
        Assert.Equal("DIF0208", Assert.Throws<DiffusionException>(() => Of(files.Pipeline("sd2.ckpt").Prediction(PredictionType.VPrediction))).Id);
    }

    [Theory]
    [InlineData("sd1.safetensors", "PNDMScheduler")]
    [InlineData("sd2.safetensors", "DDIMScheduler")]
    public void SavedAsAFolderItDrawsTheSame(string name, string scheduler)
    {
        var folder = files.PathOf("saved-" + name);
        using var run = files.Pipeline(name).Guidance(Cfg(5)).Scheduler(Euler(3)).Compile(Options).Load();
        run.SavePretrained(folder);
        var saved = Pretrained.From(folder);
        using var read = Pipeline.From(saved.Vae).Text(saved.Clip).Unet(saved.Unet).Size(16, 16).Guidance(Cfg(5)).Scheduler(Euler(3)).Compile(Options).Load();

        Assert.Equal(run.Generate(Words)[0].Pixels.ToArray(), read.Generate(Words)[0].Pixels.ToArray());
        Assert.Equal(run.Compiled.Spec, read.Compiled.Spec);
        Assert.Contains(scheduler, files.Pipeline(name).Explain());
    }

    [Fact]
    public void TheTokenizerIsLookedForBesideTheFileAndMissedByName()
    {
        var file = files.PathOf("alone/model.safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Copy(files.PathOf("sd1.safetensors"), file);
        var sd = Pretrained.From(file);
        var pipeline = Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Size(16, 16).Scheduler(Ddim(1));
        var error = Assert.Throws<DiffusionException>(() => pipeline.Compile(Options).Load());

        Assert.Equal("DIF0565", error.Id);
        Assert.Contains(Path.Combine(files.PathOf("alone"), "tokenizer"), error.Message);
        Assert.Contains("WithTokenizer", error.Message);

        Directory.CreateDirectory(files.PathOf("alone/tokenizer"));
        foreach (var part in Directory.EnumerateFiles(files.PathOf("words")))
            File.Copy(part, Path.Combine(files.PathOf("alone/tokenizer"), Path.GetFileName(part)));
        using var run = pipeline.Compile(Options).Load();
        Assert.Single(run.Generate(Words));
        Assert.Contains(".WithTokenizer(\"words\")", pipeline.Text(sd.Clip.WithTokenizer("words")).ToString());
    }

    [Fact]
    public void APartOfAFileServesWithPartsOfOthers()
    {
        var (file, folder) = (Pretrained.From(files.PathOf("sd1.safetensors")), Pretrained.From(files.PathOf("sd1")));
        using var mixed = Pipeline.From(file.Vae).Text(folder.Clip).Unet(file.Unet).Size(16, 16).Scheduler(Ddim(2)).Compile(Options).Load();
        using var whole = files.Pipeline("sd1").Scheduler(Ddim(2)).Compile(Options).Load();

        Assert.Equal(whole.Generate(Words)[0].Pixels.ToArray(), mixed.Generate(Words)[0].Pixels.ToArray());
    }

    [Fact]
    public void AFileThatIsNoneIsRefusedWhenThePipelineIsCompiled()
    {
        File.WriteAllText(files.PathOf("broken.safetensors"), "no tensors");

        Assert.Equal("DIF0504", Assert.Throws<DiffusionException>(() => files.Pipeline("broken.safetensors").Compile(Options)).Id);
    }

    /// <summary>Of files of full size the headers are there, and behind them holes: whoever read them would read gigabytes of zeros.</summary>
    [Theory]
    [InlineData(OriginalKind.StableDiffusion1, 4, "Pndm", 512, 768, PredictionType.Epsilon)]
    [InlineData(OriginalKind.StableDiffusion1, 9, "Pndm", 512, 768, PredictionType.Epsilon)]
    [InlineData(OriginalKind.StableDiffusion2, 4, "Ddim", 768, 1024, PredictionType.VPrediction)]
    [InlineData(OriginalKind.StableDiffusion2, 5, "Pndm", 512, 1024, PredictionType.Epsilon)]
    public void CompilingReadsTheHeaderAlone(OriginalKind kind, int channels, string sampler, int pixels, int width, PredictionType prediction)
    {
        var isFirst = kind == OriginalKind.StableDiffusion1;
        var file = files.PathOf(FormattableString.Invariant($"full-{kind}-{channels}.safetensors"));
        WriteHeader(file, OriginalFiles.UNet((isFirst ? UNet2DConditionConfig.Sd1 : UNet2DConditionConfig.Sd2).WithInChannels(channels))
            .Concat(OriginalFiles.Vae(AutoencoderKLConfig.Sd))
            .Concat(isFirst ? OriginalFiles.Clip(ClipTextConfig.StableDiffusion1) : OriginalFiles.OpenClip(1024, 24)));
        try
        {
            var sd = Pretrained.From(file);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var compiled = Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Compile(Options.WithMode(CompileMode.Interpreter));

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50 << 20);
            Assert.Equal((sampler, prediction), (compiled.Spec.Sampler.Name, compiled.Spec.Prediction));
            Assert.Equal((channels, pixels / 8, width), (compiled.Resolved.Facts.Unet!.InChannels, compiled.Resolved.Facts.Unet.SampleHeight, compiled.Resolved.Facts.Unet.CrossAttentionDim));
            Assert.Equal((4, 8, 0.18215), (compiled.Resolved.Facts.Vae!.LatentChannels, compiled.Resolved.Facts.Vae.Factor, compiled.Resolved.Facts.Vae.ScalingFactor));
            Assert.Equal(width, compiled.Resolved.Facts.Text!.HiddenSize);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void AnUpscalerIsKnownByItsHeader()
    {
        var file = files.PathOf("full-upscaler.safetensors");
        WriteHeader(file, OriginalFiles.UNet(OriginalFiles.Upscaler).Concat(OriginalFiles.Vae(AutoencoderKLConfig.Sd.WithLevels(128, 256, 512))).Concat(OriginalFiles.OpenClip(1024, 24)));
        try
        {
            var sd = Pretrained.From(file);
            var compiled = Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Compile(Options.WithMode(CompileMode.Interpreter));

            Assert.Equal((7, 4, 0.08333), (compiled.Resolved.Facts.Unet!.InChannels, compiled.Resolved.Facts.Vae!.Factor, compiled.Resolved.Facts.Vae.ScalingFactor));
            Assert.Equal((PredictionType.VPrediction, 0.02, UpscalerFacts.Default), (compiled.Spec.Prediction, compiled.Spec.Noise.BetaEnd, compiled.Resolved.Facts.Upscaler));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void AnAutoencoderAloneTakesTheScalingThatItsUserSays()
    {
        var (file, folder) = (Pretrained.From(files.PathOf("sd1.safetensors")), Pretrained.From(files.PathOf("sd1")));
        byte[] Drawn(VaeModel vae)
        {
            using var run = Pipeline.From(vae).Text(folder.Clip).Unet(folder.Unet).Size(16, 16).Scheduler(Ddim(1)).Compile(Options).Load();
            return run.Generate(Words)[0].Pixels.ToArray();
        }

        Assert.Equal(Drawn(folder.Vae), Drawn(file.Vae.WithFacts(new VaeFacts(4, 2))));
        Assert.NotEqual(Drawn(folder.Vae), Drawn(file.Vae.WithFacts(new VaeFacts(4, 2, 0.13025))));
    }

    [Fact]
    public void TheAutoencoderOfXlIsScaledAsXls()
    {
        var file = files.PathOf("full-xl.safetensors");
        WriteHeader(file, OriginalFiles.UNet(UNet2DConditionConfig.Sdxl).Concat(OriginalFiles.Vae(AutoencoderKLConfig.Sdxl)));
        try
        {
            Assert.Equal(0.13025, ModelFacts.Read(Pipeline.From(Pretrained.From(file).Vae), new Runtime.Weights.DiskModelFiles()).Vae!.ScalingFactor);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void WriteHeader(string file, IEnumerable<(string Name, long[] Shape)> tensors)
    {
        var (header, at) = (new StringBuilder("{"), 0L);
        foreach (var (name, shape) in tensors)
        {
            var end = at + (2 * shape.Aggregate(1L, (count, length) => count * length));
            header.Append(CultureInfo.InvariantCulture, $"{(at == 0 ? "" : ",")}\"{name}\":{{\"dtype\":\"F16\",\"shape\":[{string.Join(",", shape)}],\"data_offsets\":[{at},{end}]}}");
            at = end;
        }

        var bytes = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        using var stream = File.Create(file);
        stream.Write(BitConverter.GetBytes((ulong)bytes.Length));
        stream.Write(bytes);
        stream.SetLength(8 + bytes.Length + at);
    }
}
