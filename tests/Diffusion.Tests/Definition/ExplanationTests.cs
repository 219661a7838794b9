using System;
using System.Threading.Tasks;
using Diffusion.Dsl;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Definition;

public class ExplanationTests
{
    private static readonly Pretrained Model = Pretrained.From("models/none");

    [Fact]
    public Task Ddim5() => Verify(Pipeline.From(Model.Vae).Text(Model.Clip).Unet(Model.Unet).Scheduler(Ddim(5, eta: 0.5)).Guidance(Cfg(7.5)).Explain());

    [Fact]
    public Task Heun4() => Verify(Pipeline.From(Model.Unet).Scheduler(Heun(4)).Noise(NoiseSchedule.StableDiffusion).Explain());

    [Fact]
    public Task DpmSolver6() => Verify(Pipeline.From(Model.Unet).Scheduler(DpmSolver(6).WithSigmas(SigmaSchedule.Karras())).Prediction(PredictionType.VPrediction).Explain());

    [Fact]
    public void WhatTheCheckpointSaysIsToldApart()
    {
        var text = Pipeline.From(Pretrained.From(Repository.PathOf("models/digits")).Unet).Explain();
        Assert.Matches("\nsampler +[A-Za-z]+, as diffusers' [A-Za-z]+ +checkpoint\n", text);
        Assert.Matches("\nnoise .* checkpoint\n", text);
        Assert.Matches("\nprediction +epsilon +checkpoint\n", text);
    }

    [Fact]
    public void AWrongPipelineIsExplainedByItsFindings()
    {
        var text = Pipeline.From(Model.Unet).Scheduler(Ddim(1200)).Explain();
        Assert.Contains("DIF0201", text, StringComparison.Ordinal);
        Assert.DoesNotContain("plan", text, StringComparison.Ordinal);
    }
}
