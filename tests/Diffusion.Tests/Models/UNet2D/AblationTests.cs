using System;
using System.Linq;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models;

/// <summary>The six improvements of a UNet2DModel over the course's first network, each left out.</summary>
public sealed class AblationTests
{
    private static readonly UNet2DConfig Small = UNet2DConfig.Course with { Dropout = 0.1, BlockOutChannels = EquatableArray.Of(8, 16, 16), NormNumGroups = 4 };

    public static TheoryData<Ablation> All => [.. Enum.GetValues<Ablation>()];

    [Theory]
    [InlineData(Ablation.GroupNorm, 1_700_929)] // scale and shift of 3,040 normalised channels
    [InlineData(Ablation.Dropout, 1_707_009)] // has no parameters
    [InlineData(Ablation.SeveralResnets, 1_163_105)] // six resnets fewer, and four attentions behind them
    [InlineData(Ablation.Attention, 1_522_561)] // eleven layers of 16,768
    [InlineData(Ablation.TimeConditioning, 1_566_561)] // the embedding of 20,736, and 129 for each of the 928 channels that are told
    [InlineData(Ablation.LearnedResampling, 1_586_977)] // four convolutions
    public void EachHasItsNumberOfParameters(Ablation ablation, long count)
    {
        using var model = UNet2DModel.FromConfig(UNet2DConfig.Course.Without(ablation), LayerOptions.Shapes());

        Assert.Equal(count, model.ParameterCount);
    }

    [Fact]
    public async Task TheTableShowsThemAll() => await Verify(Ablations.Table(UNet2DConfig.Course with { Dropout = 0.1 }));

    [Theory]
    [MemberData(nameof(All))]
    public void EachRunsTrainsAndIsReadBack(Ablation ablation)
    {
        using var scope = NewDisposeScope();
        var config = Small.Without(ablation);
        using var model = UNet2DModel.FromConfig(config, seed: 1);
        var sample = randn([2, 1, 14, 9], generator: new Generator(1));
        var copy = sample.clone();
        model.forward(sample, tensor(5L)).square().mean().backward();
        Assert.All(model.parameters(), parameter => Assert.False(parameter.grad!.isnan().any().item<bool>()));

        model.eval();
        var recorded = model.forward(sample, tensor(5L));
        using var noGrad = no_grad();
        using var times = model.PrepareTimes([7, 5]);
        Same(recorded, model.forward(sample, tensor(5L)));
        Same(recorded, model.Forward(sample, times, 1));
        Same(copy, sample);
        Assert.Equal(ablation == Ablation.TimeConditioning, recorded.allclose(model.forward(sample, tensor(900L))));

        var json = config.ToJson();
        Assert.Equal(json.ToIndentedString(), UNet2DConfig.FromJson(JsonValue.Parse(json.ToIndentedString(), "config.json")).ToJson().ToIndentedString());
    }

    [Fact]
    public void OwnMembersAreWrittenOnlyWhereTheySayMoreThanDiffusers()
    {
        string[] own = ["group_norms", "time_conditioning", "learned_resampling"];

        Assert.DoesNotContain(UNet2DConfig.Course.ToJson().Members, member => own.Contains(member.Name));
        Assert.Equal(own, Enum.GetValues<Ablation>().SelectMany(ablation => UNet2DConfig.Course.Without(ablation).ToJson().Members).Select(member => member.Name).Where(own.Contains));
    }

    [Fact]
    public void WhatDoesNotGoTogetherIsTold()
    {
        Assert.Equal(["DIF0407"], Ids((Small with { NumClassEmbeds = 10 }).Without(Ablation.TimeConditioning)));
        Assert.Equal(["DIF0407"], Ids((Small with { UpBlockTypes = EquatableArray.Of("AttnUpBlock2D", "ResnetUpsampleBlock2D", "UpBlock2D") }).Without(Ablation.LearnedResampling)));
        Assert.All(Enum.GetValues<Ablation>(), ablation => Assert.Empty(Ids(Small.Without(ablation))));
        using var scope = NewDisposeScope();
        using var model = UNet2DModel.FromConfig(Small.Without(Ablation.LearnedResampling));
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => model.forward(zeros(1, 1, 4, 3), tensor(5L))).Id);

        static string[] Ids(UNet2DConfig config) => [.. config.Validate().Select(finding => finding.Rule.Id)];
    }

    private static void Same(Tensor expected, Tensor actual) => Assert.InRange((expected - actual).abs().max().item<float>(), 0, 2e-6f);
}
