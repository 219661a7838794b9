using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Tests.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models;

public sealed class UNet2DConditionModelTests
{
    public static TheoryData<string, UNet2DConditionConfig, long> Counts { get; } = new()
    {
        { "Stable Diffusion 1", UNet2DConditionConfig.Sd1, 859_520_964 },
        { "Stable Diffusion 1, inpainting", UNet2DConditionConfig.Sd1.WithInChannels(9), 859_535_364 },
        { "Stable Diffusion 2", UNet2DConditionConfig.Sd2, 865_910_724 },
        { "Stable Diffusion 2, depth", UNet2DConditionConfig.Sd2.WithInChannels(5), 865_913_604 },
        { "Stable Diffusion XL", UNet2DConditionConfig.Sdxl, 2_567_463_684 },
    };

    [Theory]
    [MemberData(nameof(Counts))]
    public void TheNumberOfParametersIsThePublishedOne(string name, UNet2DConditionConfig config, long count)
    {
        using var model = UNet2DConditionModel.FromConfig(config, LayerOptions.Shapes());

        Assert.True(model.ParameterCount == count, $"{name}: {model.ParameterCount}");
    }

    /// <summary>Time enters every resnet, text every second attention: 22 and 16 in Stable Diffusion 1.</summary>
    [Fact]
    public void TimeEnters22ResnetsAndText16Attentions()
    {
        using var model = UNet2DConditionModel.FromConfig(UNet2DConditionConfig.Sd1, LayerOptions.Shapes());

        Assert.Equal(22, model.modules().OfType<ResnetBlock2D>().Count(resnet => resnet.TimeEmbProj is not null));
        Assert.Equal(16, model.modules().OfType<TokenAttention>().Count(attention => attention.LooksAtText));
        Assert.Equal(16, model.modules().OfType<TokenAttention>().Count(attention => !attention.LooksAtText));
    }

    [Fact]
    public void PreparedTimesAndTextChangeNothing()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var model = TinyCondition.Model();
        var (sample, condition) = (randn(2, 4, 8, 8), TinyCondition.Condition(2).WithTextMask(tensor(new float[] { 1, 1, 0, 1, 0 }, [1, 5])));
        using var times = model.PrepareTimes([981, 0.5]);
        using var text = model.PrepareText(condition);
        foreach (var (timestep, step) in new[] { (981, 0), (0.5, 1) })
        {
            var plain = model.forward(sample, tensor((float)timestep), condition);
            Assert.InRange((model.Forward(sample, times, step, text) - plain).abs().max().item<float>(), 0, 1e-6f);
        }
    }

    [Fact]
    public void OneTextServesAllSamplesAndAMaskLeavesTextOut()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var model = TinyCondition.Model();
        var (sample, text) = (randn(2, 4, 8, 8), TinyCondition.Condition(1).Text);
        var expected = model.Forward(sample, tensor(7L), cat([text, text]));

        Assert.InRange((model.Forward(sample, tensor(7L), text) - expected).abs().max().item<float>(), 0, 1e-6f);
        var masked = model.forward(sample, tensor(7L), new UNet2DCondition(text, tensor(new float[] { 1, 1, 1, 0, 0 }, [1, 5])));
        Assert.InRange((model.Forward(sample, tensor(7L), text[.., ..3]) - masked).abs().max().item<float>(), 0, 1e-6f);
        Assert.True((masked - expected).abs().max().item<float>() > 1e-4f);
    }

    [Fact]
    public void SizesThatDoNotHalveAreRestored()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var model = TinyCondition.Model();

        Assert.Equal([1, 4, 7, 9], model.Forward(randn(1, 4, 7, 9), tensor(7L), TinyCondition.Condition(1).Text).shape);
    }

    [Fact]
    public void CheckpointedGradientsAreTheSameForTheTextToo()
    {
        using var scope = NewDisposeScope();
        using var model = TinyCondition.Model();
        var sample = randn(2, 4, 8, 8);
        var gradients = new List<Tensor[]>();
        foreach (var checkpoints in new[] { false, true })
        {
            model.CheckpointGradients = checkpoints;
            var text = TinyCondition.Condition(2).Text.requires_grad_();
            var inputs = model.parameters().Append(text).ToArray();
            model.Forward(sample, tensor(7L), text).square().mean().backward();
            gradients.Add([.. inputs.Select(input => input.grad!.clone())]);
            model.zero_grad();
        }

        Assert.All(gradients[0].Zip(gradients[1]), pair => Assert.InRange((pair.First - pair.Second).abs().max().item<float>(), 0, 1e-6f));
        Assert.True(gradients[0][^1].abs().max().item<float>() > 0);
    }

    [Fact]
    public void ASavedModelIsReadBackBitForBit()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var folder = new WeightsFolder();
        using var model = TinyCondition.Model();
        model.SavePretrained(folder.Root);
        using var read = UNet2DConditionModel.FromPretrained(folder.Root);
        var (sample, text) = (randn(1, 4, 8, 8), TinyCondition.Condition(1).Text);

        Assert.Equal(model.Config, read.Config with { Unknown = default });
        Assert.True(model.Forward(sample, tensor(7L), text).equal(read.Forward(sample, tensor(7L), text)).all().item<bool>());
    }

    [Fact]
    public void NoTensorOutlivesAForwardPass()
    {
        using var model = TinyCondition.Model();
        using var sample = randn(1, 4, 8, 8);
        using var time = tensor(3L);
        using var noGrad = no_grad();
        using (NewDisposeScope())
        {
            var condition = TinyCondition.Condition(1);
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            var output = model.forward(sample, time, condition);
            Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
    }

    [Fact]
    public void TensorsOfTheWrongShapeAreRefused()
    {
        using var scope = NewDisposeScope();
        using var model = TinyCondition.Model();
        var (sample, time, condition) = (randn(2, 4, 8, 8), tensor(7L), TinyCondition.Condition(2));

        Refused("DIF0410", "[N, 4, H, W]", () => model.forward(randn(2, 3, 8, 8), time, condition));
        Refused("DIF0410", "[2, L, 12]", () => model.Forward(sample, time, randn(2, 5, 768)));
        Refused("DIF0410", "[2, 5]", () => model.forward(sample, time, condition.WithTextMask(ones(2, 6))));
        Refused("DIF0410", "[] or [2]", () => model.forward(sample, tensor(new long[] { 1, 2, 3 }), condition));
        Refused("DIF0411", "leave them out", () => model.forward(sample, time, condition.WithClassLabels(tensor(new long[] { 0, 1 }))));
        Refused("DIF0407", "time_cond_proj_dim", () => model.forward(sample, time, condition.WithTimestepCondition(randn(2, 8))));
        using var sdxl = UNet2DConditionModel.FromConfig(UNet2DConditionConfig.Sdxl.WithBlockOutChannels(32, 32, 32).WithHeads(2).WithCrossAttentionDim(12) with { TransformerLayersPerBlock = EquatableArray.Of(1) });
        Refused("DIF0407", "WithTextTime", () => sdxl.forward(sample, time, condition));

        static void Refused(string id, string part, System.Action act)
        {
            var error = Assert.Throws<DiffusionException>(act);
            Assert.Equal(id, error.Id);
            Assert.Contains(part, error.Message);
        }
    }

    [Fact]
    public Task TheTinyModelPrintsAsPyTorchPrintsIt()
    {
        using var model = TinyCondition.Model();

        return Verify(model.Print() + "\n" + model.Summary(depth: 2));
    }
}
