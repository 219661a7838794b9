using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Weights;
using Diffusion.Tests.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Layers;

public sealed class PackingTests
{
    private static readonly UNet2DConditionConfig Tiny = UNet2DConditionConfig.Sd1 with
    {
        SampleSize = EquatableArray.Of(8),
        BlockOutChannels = EquatableArray.Of(32, 64),
        DownBlockTypes = EquatableArray.Of("CrossAttnDownBlock2D", "DownBlock2D"),
        UpBlockTypes = EquatableArray.Of("UpBlock2D", "CrossAttnUpBlock2D"),
        AttentionHeadDim = EquatableArray.Of(4),
        CrossAttentionDim = EquatableArray.Of(24),
        NormNumGroups = 8,
    };

    [Theory]
    [InlineData(ScalarType.Float32, 2e-6)]
    [InlineData(ScalarType.BFloat16, 0.05)]
    public void PackedWeightsGiveWhatPlainOnesGive(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = UNet2DConditionModel.FromConfig(Tiny, seed: 3, dtype: type);
        var (sample, time, text) = Inputs(type);
        var expected = model.Forward(sample, time, text);

        Packing.Pack(model);
        var actual = model.Forward(sample, time, text);

        Assert.True(actual.is_contiguous());
        Assert.InRange((actual - expected).abs().max().to(ScalarType.Float64).item<double>() / expected.abs().max().to(ScalarType.Float64).item<double>(), 0, tolerance);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void UnpackingBringsEveryBitBack(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var model = UNet2DConditionModel.FromConfig(Tiny, seed: 3, dtype: type);
        using var same = UNet2DConditionModel.FromConfig(Tiny, seed: 3, dtype: type);
        Packing.Pack(model);
        Packing.Unpack(model);

        AssertSame(same.state_dict(), model.state_dict());
    }

    [Fact]
    public void PackedWeightsTakeThePlaceOfPlainOnes()
    {
        using var scope = NewDisposeScope();
        using var layer = new Linear(320, 640, LayerOptions.Seeded(1));
        Packing.Pack(layer);

        Assert.True(((IPackable)layer).Packed.IsPacked);
        Assert.Equal([640, 320], layer.Weight.shape);
        Assert.True(layer.Weight.isnan().all().item<bool>());
        Assert.Equal(0, layer.Weight.stride(0));
    }

    [Fact]
    public void FilesOfPackedNetworksHoldThePlainWeights()
    {
        using var scope = NewDisposeScope();
        using var folder = new WeightsFolder();
        using var model = UNet2DConditionModel.FromConfig(Tiny, seed: 3);
        using var same = UNet2DConditionModel.FromConfig(Tiny, seed: 3);
        Packing.Pack(model);
        model.SavePretrained(folder.Root);

        using var read = UNet2DConditionModel.FromPretrained(folder.Root);
        AssertSame(same.state_dict(), read.state_dict());
    }

    [Fact]
    public void LoadingIntoAPackedNetworkReplacesItsWeights()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var folder = new WeightsFolder();
        using var model = UNet2DConditionModel.FromConfig(Tiny, seed: 3);
        using var other = UNet2DConditionModel.FromConfig(Tiny, seed: 4);
        other.SavePretrained(folder.Root);
        Packing.Pack(model);
        using (var reader = Checkpoint.Open(Path.Combine(folder.Root, "diffusion_pytorch_model.safetensors")))
            StateDict.Load(model, reader);

        var (sample, time, text) = Inputs(ScalarType.Float32);
        Assert.True(model.Forward(sample, time, text).equal(other.Forward(sample, time, text)).all().item<bool>());
    }

    [Fact]
    public void TrainingAfterPackingIsTrainingWithoutIt()
    {
        using var scope = NewDisposeScope();
        using var packed = UNet2DConditionModel.FromConfig(Tiny, seed: 3);
        using var plain = UNet2DConditionModel.FromConfig(Tiny, seed: 3);
        Packing.Pack(packed);

        Assert.Equal(Gradients(plain), Gradients(packed));
    }

    [Fact]
    public void HalvesOfGuidanceShareWhatComesBeforeTheText()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = UNet2DConditionModel.FromConfig(Tiny, seed: 3);
        using var times = model.PrepareTimes([500, 100]);
        var (sample, _, text) = Inputs(ScalarType.Float32);
        using var texts = model.PrepareText(new UNet2DCondition(cat([text, 2 * text], 0)));

        var shared = model.Forward(sample, times, 1, texts);
        var apart = model.Forward(cat([sample, sample], 0), times, 1, texts);

        Assert.True(shared.equal(apart).all().item<bool>());
    }

    private static (Tensor Sample, Tensor Time, Tensor Text) Inputs(ScalarType type)
    {
        using var random = new Generator(9);

        return (randn([2, 4, 8, 8], generator: random).to(type), tensor(300f), randn([2, 5, 24], generator: random).to(type));
    }

    private static List<double> Gradients(UNet2DConditionModel model)
    {
        var (sample, time, text) = Inputs(ScalarType.Float32);
        model.Forward(sample, time, text).square().mean().backward();

        return [.. model.parameters().Select(parameter => parameter.grad!.to(ScalarType.Float64).square().sum().item<double>())];
    }

    private static void AssertSame(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, entry => Assert.True(entry.Value.equal(actual[entry.Key]).all().item<bool>(), entry.Key));
    }
}
