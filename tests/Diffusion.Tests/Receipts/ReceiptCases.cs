using System;
using Diffusion.Dsl;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Receipts;

/// <summary>A receipt that says everything, independent of machine and version.</summary>
internal static class ReceiptCases
{
    public static readonly string Hash = string.Concat(System.Linq.Enumerable.Repeat("0123456789abcdef", 4));

    public static Receipt Whole
    {
        get
        {
            var sd = Pretrained.From("models/sd, 1:5");
            var pipeline = Pipeline.From(sd.Vae).Text(sd.Clip.WithClipSkip(1).WithGrammar(PromptGrammar.A1111)).Unet(sd.Unet)
                .Scheduler(DpmSolver(20, sigmas: SigmaSchedule.Karras())).Guidance(Cfg(7.5, rescale: 0.7)).Negative("blurry").Size(512, 768).Strength(0.75);
            var spec = new PipelineSpec(pipeline.Sampler!.Resolve(SchedulerConfig.Default), NoiseSchedule.StableDiffusion, PredictionType.Epsilon, true, pipeline.Guiders) { Start = 5 };
            var source = new PixelHash(768, 512, 3, Hash);
            return new Receipt(
                pipeline,
                spec,
                EquatableArray.Of(new ReceiptPicture(42) { Prompt = "a (red:1.2) circle", From = source }, new ReceiptPicture(long.MinValue) { Prompt = "zwei\nKreise, größer", From = source, Mask = source with { Channels = 1 } }),
                768,
                512,
                new ReceiptMachine(new Device("cuda", 1), Precision.BFloat16, "compiled", "CPU", "0.1.0", "0.107.0", "2.10.0"))
            {
                Weights = EquatableArray.Of(new WeightsHash("unet/diffusion_pytorch_model.safetensors", Hash), new WeightsHash("vae/diffusion_pytorch_model.safetensors", null)),
            };
        }
    }

    /// <summary>The smallest PNG file of one gray pixel.</summary>
    public static byte[] Png => Convert.FromHexString("89504E470D0A1A0A0000000D49484452000000010000000108000000003A7E9B550000000A49444154789C636800000082008177CD72B60000000049454E44AE426082");
}
