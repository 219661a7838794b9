using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models;

public sealed class AttentionSlicingTests
{
    [Theory]
    [InlineData(8, "Auto", 4)]
    [InlineData(5, "Auto", 2)]
    [InlineData(1, "Auto", 1)]
    [InlineData(8, "Max", 1)]
    [InlineData(8, "Of(3)", 3)]
    public void SlicesAreAsManyHeadsAsInDiffusers(int heads, string text, int expected)
    {
        var slicing = text switch
        {
            "Auto" => Slicing.Auto,
            "Max" => Slicing.Max,
            _ => Slicing.Of(3),
        };

        Assert.Equal(expected, slicing.HeadsOf(heads));
        Assert.Equal(text, slicing.ToString());
    }

    [Fact]
    public void OneHeadAtATimeIsTheMaximum()
    {
        Assert.Equal(Slicing.Max, Slicing.Of(1));
        Assert.NotEqual(Slicing.Auto, Slicing.Max);
        Assert.Equal("DIF0405", Assert.Throws<DiffusionException>(() => Slicing.Of(0)).Id);
    }

    // Where scores are upcast slices run on every device, so that a difference would show here.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PredictionsStayTheSame(bool upcasts)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var type = upcasts ? ScalarType.BFloat16 : ScalarType.Float32;
        using var model = UNet2DConditionModel.FromConfig(TinyCondition.Config with { UpcastAttention = upcasts }, seed: 1, dtype: type);
        using var generator = new Generator(3);
        var (sample, condition) = (randn([2, 4, 8, 8], generator: generator).to(type), TinyCondition.Condition(2));
        condition = condition.WithText(condition.Text.to(type));
        var expected = model.forward(sample, tensor(7f), condition);
        foreach (var slicing in new[] { Slicing.Auto, Slicing.Max, Slicing.Of(2) })
        {
            model.AttentionSlicing = slicing;
            Assert.True(model.forward(sample, tensor(7f), condition).allclose(expected, rtol: 1e-5, atol: 1e-5));
        }
    }

    [Fact]
    public void AnUnconditionalNetworkIsSlicedTheSameWay()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var model = UNet2DModel.FromConfig(UNet2DConfig.Course, seed: 1);
        var sample = rand(1, 1, 28, 28);
        var expected = model.forward(sample, tensor(7f));
        model.AttentionSlicing = Slicing.Max;

        Assert.True(model.forward(sample, tensor(7f)).allclose(expected, rtol: 1e-5, atol: 1e-5));
    }

    [Fact]
    public void ASliceOfMoreHeadsThanThereAreIsRefusedAndChangesNothing()
    {
        using var model = TinyCondition.Model();
        model.AttentionSlicing = Slicing.Auto;
        var error = Assert.Throws<DiffusionException>(() => model.AttentionSlicing = Slicing.Of(3));

        Assert.Equal("DIF0470: slices of 3 heads are asked for, but an attention of UNet2DConditionModel has 2; choose 1 to 2, Slicing.Auto or Slicing.Max", error.Message);
        Assert.Equal(Slicing.Auto, model.AttentionSlicing);
        model.AttentionSlicing = null;
        Assert.Null(model.AttentionSlicing);
    }
}
