using System.Linq;
using Diffusion.Dsl;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Definition;

public sealed class PipelineMemoryTests
{
    private static readonly Pretrained Model = Pretrained.From("models/none");

    private static readonly Pipeline Guided = Pipeline.From(Model.Vae).Text(Model.Clip).Unet(Model.Unet).Scheduler(Ddim(5)).Guidance(Cfg(7.5));

    [Fact]
    public void TheTextIsTheChain() => Assert.EndsWith(
        ".Guidance(Cfg(7.5)).AttentionSlicing(Of(4)).VaeSlicing().VaeTiling(256, overlap: 0.5)",
        Guided.AttentionSlicing(Slicing.Of(4)).VaeSlicing().VaeTiling(256, 0.5).ToString());

    [Fact]
    public void SlicesAndTilesComeInAnyOrder()
    {
        Assert.Equal(Guided.VaeTiling().VaeSlicing(), Guided.VaeSlicing().VaeTiling());
        Assert.EndsWith(".VaeSlicing().VaeTiling()", Guided.VaeTiling().VaeSlicing().ToString());
        Assert.Equal(Guided, Guided.VaeSlicing().WithVaeMemory(null).AttentionSlicing(Slicing.Auto).WithAttentionSlices(null));
    }

    [Fact]
    public void WhatIsCompiledStaysTheSame()
    {
        var facts = new ModelFacts(null, null, null, null);

        Assert.Equal(Resolution.Spec(Guided, facts).Key, Resolution.Spec(Guided.AttentionSlicing(Slicing.Max).VaeTiling(), facts).Key);
        Assert.NotEqual(Guided, Guided.AttentionSlicing(Slicing.Max));
    }

    [Fact]
    public void AnExplanationNamesThem()
    {
        var text = Guided.AttentionSlicing(Slicing.Auto).VaeSlicing().VaeTiling(256).Explain();

        Assert.Matches("\nattention +heads in slices, Auto +said here\n", text);
        Assert.Matches("\nautoencoder +one picture at a time, tiles of 256 pixels, overlap 0.25 +said here\n", text);
        Assert.DoesNotContain("heads in slices", Guided.Explain());
    }

    [Fact]
    public void TilesAreMultiplesOfTheFactor()
    {
        var facts = new ModelFacts(null, new VaeFacts(), null, null);
        var finding = Assert.Single(Validation.Check(Guided.VaeTiling(100), facts));

        Assert.Equal("DIF0432: the tile size is 100, but the VAE of models/none/vae/config.json shrinks images by 8, so it must be a positive multiple of 8; choose 96 or 104", finding.ToString());
        Assert.Empty(Validation.Check(Guided.VaeTiling(96), facts));
    }

    [Fact]
    public void WithoutAnAutoencoderThereIsNothingToTile()
    {
        var facts = new ModelFacts(null, null, null, null);

        Assert.Equal(["DIF0120"], Validation.Check(Pipeline.From(Model.Unet).VaeSlicing(), facts).Select(finding => finding.Rule.Id));
        Assert.Empty(Validation.Check(Guided.VaeSlicing(), facts));
    }
}
