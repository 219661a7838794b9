using System.Linq;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Microsoft.CodeAnalysis;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Generators;

/// <summary>Checkpoints whose files the compiler was not given may be anything: nothing is said that may be wrong.</summary>
public sealed class UnknownFilesTests
{
    // The network may know classes with one for «no label», the schedule more timesteps, v or a flow, the VAE another factor, the file other options.
    [Theory]
    [InlineData("Pipeline.From(p.Unet).Guidance(Cfg(2))")]
    [InlineData("Pipeline.From(p.Unet).Scheduler(Ddim(1200))")]
    [InlineData("Pipeline.From(p.Unet).Scheduler(Ddim(1000, stepsOffset: 1))")]
    [InlineData("Pipeline.From(p.Unet).Scheduler(Ddpm().WithCustomTimesteps(3999, 2000, 10))")]
    [InlineData("Pipeline.From(p.Unet).Scheduler(Ipndm(20))")]
    [InlineData("Pipeline.From(p.Unet).Scheduler(FlowEuler(20))")]
    [InlineData("Pipeline.From(p.Unet).Scheduler(EdmEuler(20, sigmaMin: 100))")]
    [InlineData("Pipeline.From(p.Unet).Scheduler(DpmSolver(20, algorithm: SolverAlgorithm.DpmSolver))")]
    [InlineData("Pipeline.From(p.Unet).Scheduler(Lcm(60))")]
    [InlineData("Pipeline.From(p.Unet).Scheduler(Ddpm(20, VarianceType.LearnedRange))")]
    [InlineData("Pipeline.From(p.Unet).Prediction(PredictionType.VPrediction).StartAt(900)")]
    [InlineData("Pipeline.From(p.Vae).Text(p.Clip).Unet(p.Unet).Size(500, 510).Guidance(Cfg(7.5))")]
    [InlineData("Pipeline.From(p.Vae).Text(sd.Clip).Unet(p.Unet)")]
    [InlineData("Pipeline.From(sd.Vae).Text(p.Clip).Unet(p.Unet)")]
    [InlineData("Pipeline.From(sd.Vae).Text(p.Clip).Unet(sd.Unet)")]
    [InlineData("Pipeline.From(p.Unet).Text(sd.Clip)")]
    public async Task NothingIsSaidThatMayBeWrong(string definition)
    {
        foreach (var name in new[] { "runwayml/stable-diffusion-v1-5", "models/absent", "models/v1-5-pruned.safetensors", "/data/sd.ckpt" })
        {
            var program = Program.Of($"var sd = Pretrained.From(\"models/shapes\"); var p = Pretrained.From(\"{name}\");\n{definition}.Compile();");
            Assert.Empty(await program.Analyze());
        }
    }

    [Theory]
    [InlineData("DIF0201", "Pipeline.From(p.Unet).Scheduler(Ddim(0))")]
    [InlineData("DIF0202", "Pipeline.From(p.Unet).Scheduler(Ddim(20, eta: 2))")]
    [InlineData("DIF0207", "Pipeline.From(p.Unet).Scheduler(Ddpm().WithCustomTimesteps(10, 20))")]
    [InlineData("DIF0216", "Pipeline.From(p.Unet).Scheduler(Euler(20, sChurn: -1))")]
    [InlineData("DIF0217", "Pipeline.From(p.Unet).Scheduler(Ddim(20)).StartAt(20)")]
    [InlineData("DIF0303", "Pipeline.From(p.Vae).Text(p.Clip).Unet(p.Unet).Guidance(Cfg(2), Cfg(3))")]
    [InlineData("DIF0433", "Pipeline.From(p.Vae).Text(p.Clip).Unet(p.Unet).Size(0, 512)")]
    [InlineData("DIF0301", "Pipeline.From(UnetModel.Custom(\"mine\", new UnetFacts(3, 3))).Guidance(Cfg(2))")]
    [InlineData("DIF0432", "Pipeline.From(sd.Vae).Text(p.Clip).Unet(p.Unet).Size(512, 500)")]
    public async Task WhatIsWrongInAnyCaseIsSaid(string id, string definition)
    {
        var program = Program.Of($"var sd = Pretrained.From(\"models/shapes\"); var p = Pretrained.From(\"models/v1-5-pruned.safetensors\");\n{definition}.Compile();");
        Assert.Equal(id, Assert.Single(await program.Analyze()).Id);
    }

    [Fact]
    public void CfgWithoutATextIsCompiledForANetworkOfClasses() => Assert.Equal(
        ["Ddim(9) linear(0.0001, 0.02, 1000) epsilon classes Cfg(2)"],
        Program.Of("Pipeline.From(new UnetModel(\"absent\")).Scheduler(Ddim(9)).Guidance(Cfg(2)).Compile();").Keys());

    // A file that is not there when the program runs will not come.
    [Fact]
    public void AtRunTimeUnknownIsAbsent()
    {
        var error = Assert.Throws<DiffusionException>(() => Pipeline.From(new UnetModel("no-files")).Scheduler(Ddim(1200)).Guidance(Cfg(2)).Compile());
        Assert.Equal(["DIF0201", "DIF0301"], error.Findings.Select(finding => finding.Rule.Id).Order());
    }
}
