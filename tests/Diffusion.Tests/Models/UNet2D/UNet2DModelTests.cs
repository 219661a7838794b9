using System;
using System.Globalization;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models;

public sealed class UNet2DModelTests
{
    private static readonly UNet2DConfig Tiny = TinyUNet.Config;

    private static readonly UNet2DConfig Skip = new(
        DownBlockTypes: EquatableArray.Of("SkipDownBlock2D", "AttnSkipDownBlock2D", "SkipDownBlock2D"),
        UpBlockTypes: EquatableArray.Of("SkipUpBlock2D", "AttnSkipUpBlock2D", "SkipUpBlock2D"),
        BlockOutChannels: EquatableArray.Of(32, 32, 64),
        LayersPerBlock: 1,
        TimeEmbeddingType: "fourier",
        NormNumGroups: null);

    public static TheoryData<string, long> Counts => new()
    {
        { "course", 1_707_009 },
        { "course with four class planes", 1_708_161 },
        { "butterflies", 18_536_323 },
        { "celebahq 256", 113_673_219 },
    };

    [Theory]
    [MemberData(nameof(Counts))]
    public void TheNumberOfParametersIsTheKnownOne(string name, long count)
    {
        var config = name switch
        {
            "course" => UNet2DConfig.Course,
            "butterflies" => new UNet2DConfig(
                DownBlockTypes: EquatableArray.Of("DownBlock2D", "DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"),
                UpBlockTypes: EquatableArray.Of("AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D", "UpBlock2D"),
                BlockOutChannels: EquatableArray.Of(64, 128, 128, 256)),
            "celebahq 256" => new UNet2DConfig(
                DownBlockTypes: EquatableArray.Of("DownBlock2D", "DownBlock2D", "DownBlock2D", "DownBlock2D", "AttnDownBlock2D", "DownBlock2D"),
                UpBlockTypes: EquatableArray.Of("UpBlock2D", "AttnUpBlock2D", "UpBlock2D", "UpBlock2D", "UpBlock2D", "UpBlock2D"),
                BlockOutChannels: EquatableArray.Of(128, 128, 256, 256, 512, 512),
                AttentionHeadDim: null),
            _ => UNet2DConfig.Course.WithInChannels(5),
        };
        using var model = UNet2DModel.FromConfig(config, LayerOptions.Shapes());

        Assert.Equal(count, model.ParameterCount);
        Assert.Equal(DeviceType.META, model.Device.type);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TheSummaryAddsUp(int depth)
    {
        using var model = UNet2DModel.FromConfig(UNet2DConfig.Course, LayerOptions.Shapes());
        var lines = model.Summary(28, 28, depth).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToArray();

        Assert.Equal(["total", "UNet2DModel", "1,707,009"], lines[^1][..3]);
        Assert.Equal(1_707_009, lines[1..^1].Sum(line => Number(line[^2])));
        Assert.Equal(Number(lines[^1][^1]), lines[1..^1].Sum(line => Number(line[^1])));

        static long Number(string text) => long.Parse(text.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(9, 8)]
    [InlineData(5, 13)]
    [InlineData(2, 3)]
    [InlineData(1, 1)]
    public void AnySizeComesBack(int height, int width)
    {
        using var scope = NewDisposeScope();
        using var model = UNet2DModel.FromConfig(Tiny, 1);
        using var noGrad = no_grad();

        Assert.Equal([2, 1, height, width], model.forward(randn(2, 1, height, width), tensor(5L)).shape);
    }

    [Fact]
    public void PreparedTimesGiveTheSameAsPlainOnes()
    {
        foreach (var config in new[] { UNet2DConfig.Course, Tiny with { ResnetTimeScaleShift = "scale_shift" }, Tiny with { TimeEmbeddingType = "learned", NumTrainTimesteps = 1000 }, Skip })
        {
            using var scope = NewDisposeScope();
            using var model = UNet2DModel.FromConfig(config, 1);
            using var noGrad = no_grad();
            var sample = randn(3, config.InChannels, 16, 16);
            using var times = model.PrepareTimes([975, 500, 25]);

            Assert.Equal(3, times.Count);
            foreach (var (step, timestep) in new[] { 975L, 500L, 25L }.Index())
                AssertEqual(model.forward(sample, tensor(timestep)), model.Forward(sample, times, step));

            if (config.TimeEmbeddingType != "learned")
            {
                using var between = model.PrepareTimes([947.54254, 8.928572]);
                AssertEqual(model.forward(sample, tensor(947.54254f)), model.Forward(sample, between, 0));
                AssertEqual(model.forward(sample, tensor(8.928572f)), model.Forward(sample, between, 1));
            }
        }
    }

    [Fact]
    public void PreparedTimesKnowClasses()
    {
        using var scope = NewDisposeScope();
        using var model = UNet2DModel.FromConfig(Tiny with { NumClassEmbeds = 10 }, 1);
        using var noGrad = no_grad();
        var (sample, labels) = (randn(2, 1, 8, 8), tensor(new long[] { 3, 7 }));
        using var times = model.PrepareTimes([10, 0], labels);

        AssertEqual(model.forward(sample, tensor(10L), labels), model.Forward(sample, times, 0));
        AssertEqual(model.forward(sample, tensor(0L), labels), model.Forward(sample, times, 1));
        Assert.Equal("DIF0412", Assert.Throws<DiffusionException>(() => model.Forward(sample, times, 2)).Id);
    }

    [Fact]
    public void ALearnedTimeIsARowOfItsTable()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var positional = UNet2DModel.FromConfig(Tiny, 1);
        using var learned = UNet2DModel.FromConfig(Tiny with { TimeEmbeddingType = "learned", NumTrainTimesteps = 20 }, 2);
        Copy(positional, learned);
        using var sinusoids = new Diffusion.Runtime.Layers.Timesteps(8, flipSinToCos: true, frequencyShift: 0);
        Named(learned, "time_proj.weight").copy_(sinusoids.forward(arange(0, 20)));
        var sample = randn(1, 1, 8, 8);

        AssertEqual(positional.forward(sample, tensor(7L)), learned.forward(sample, tensor(7L)));
        AssertEqual(positional.forward(sample, tensor(7L)), learned.forward(sample, tensor(7f)));
        Assert.Equal("DIF0412", Assert.Throws<DiffusionException>(() => learned.forward(sample, tensor(20L))).Id);
        Assert.Equal("DIF0412", Assert.Throws<DiffusionException>(() => learned.forward(sample, tensor(7.5f))).Id);
    }

    [Fact]
    public void WithAFourierTimeTheOutputIsDividedBySigma()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = UNet2DModel.FromConfig(Tiny with { TimeEmbeddingType = "fourier" }, 1);
        Named(model, "time_proj.weight").zero_(); // every σ has the same embedding
        var sample = randn(2, 1, 8, 8);

        AssertEqual(model.forward(sample, tensor(1f)), model.forward(sample, tensor(new[] { 4f, 0.5f })) * tensor(new[] { 4f, 0.5f }).view(2, 1, 1, 1));
    }

    [Fact]
    public void TheThreeKindsOfClassesAgree()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var table = UNet2DModel.FromConfig(Tiny with { NumClassEmbeds = 5 }, 1);
        using var identity = UNet2DModel.FromConfig(Tiny with { ClassEmbedType = "identity" }, 2);
        using var timestep = UNet2DModel.FromConfig(Tiny with { ClassEmbedType = "timestep" }, 3);
        Copy(table, identity);
        Copy(table, timestep);
        var (sample, labels) = (randn(2, 1, 8, 8), tensor(new long[] { 4, 1 }));

        AssertEqual(table.forward(sample, tensor(3L), labels), identity.forward(sample, tensor(3L), Named(table, "class_embedding.weight").index_select(0, labels)));

        using var sinusoids = new Diffusion.Runtime.Layers.Timesteps(8, flipSinToCos: true, frequencyShift: 0);
        var embedded = ((nn.Module<Tensor, Tensor>)timestep.named_children().Single(child => child.name == "class_embedding").module).call(sinusoids.forward(labels));
        AssertEqual(timestep.forward(sample, tensor(3L), labels), identity.forward(sample, tensor(3L), embedded));
    }

    [Fact]
    public void SkipBlocksRunTrainAndPrint()
    {
        using var scope = NewDisposeScope();
        using var model = UNet2DModel.FromConfig(Skip, 1);
        var output = model.forward(randn(2, 3, 16, 16), tensor(0.3f));
        output.square().mean().backward();

        Assert.Equal([2, 3, 16, 16], output.shape);
        Assert.All(model.named_parameters().Where(named => named.parameter.requires_grad), named => Assert.False(named.parameter.grad is null, named.name));
        Assert.Contains("(skip_conv): Conv2d(3, 32, kernel_size=(1, 1), stride=(1, 1))", model.Print());
        Assert.Contains("(0): FirDownsample2D()", model.Print());
        Assert.Contains("time_proj.weight", model.state_dict().Keys);
    }

    [Fact]
    public void AMiddleWithoutAttentionPrintsAsInPython()
    {
        using var model = UNet2DModel.FromConfig(Tiny with { AddAttention = false }, LayerOptions.Shapes());

        Assert.Contains("(mid_block): UNetMidBlock2D(\n    (attentions): ModuleList(\n      (0): None\n    )\n", model.Print());
    }

    [Fact]
    public void DropoutWorksInTrainingAlone()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = UNet2DModel.FromConfig(Tiny with { Dropout = 0.5 }, 1);
        var (sample, time) = (randn(1, 1, 8, 8), tensor(3L));
        model.train();
        Assert.NotEqual(0, (model.forward(sample, time) - model.forward(sample, time)).abs().max().item<float>());
        model.eval();
        AssertEqual(model.forward(sample, time), model.forward(sample, time));
    }

    [Fact]
    public void ASeedDecidesTheInitialValues()
    {
        using var scope = NewDisposeScope();
        using var one = UNet2DModel.FromConfig(Tiny, 1);
        using var again = UNet2DModel.FromConfig(Tiny, 1);
        using var two = UNet2DModel.FromConfig(Tiny, 2);

        Assert.True(Named(one, "conv_in.weight").Equals(Named(again, "conv_in.weight")));
        Assert.False(Named(one, "conv_in.weight").Equals(Named(two, "conv_in.weight")));
    }

    [Fact]
    public void AModelMovedToBFloat16Runs()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = UNet2DModel.FromConfig(Tiny, 1);
        var sample = randn(1, 1, 8, 8);
        var exact = model.forward(sample, tensor(3L));
        model.to(ScalarType.BFloat16);
        var rounded = model.forward(sample.to(ScalarType.BFloat16), tensor(3L));

        Assert.Equal(ScalarType.BFloat16, rounded.dtype);
        Assert.InRange((rounded.to(ScalarType.Float32) - exact).abs().max().item<float>(), 1e-6f, 0.1f);
    }

    [Fact]
    public void NoTensorOutlivesAForwardPass()
    {
        using var model = UNet2DModel.FromConfig(Tiny, 1);
        using var sample = randn(1, 1, 8, 8);
        using var time = tensor(3L);
        using var noGrad = no_grad();
        using (NewDisposeScope())
        {
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            var output = model.forward(sample, time);
            Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            output.Dispose();
            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
    }

    [Theory]
    [InlineData(new long[] { 8, 8 }, new long[] { }, null, "DIF0410: the sample has the shape [8, 8]; UNet2DModel takes [N, 1, H, W], so give 1 channels")]
    [InlineData(new long[] { 1, 3, 8, 8 }, new long[] { }, null, "DIF0410: the sample has the shape [1, 3, 8, 8]; UNet2DModel takes [N, 1, H, W], so give 1 channels")]
    [InlineData(new long[] { 0, 1, 8, 8 }, new long[] { }, null, "DIF0410: the sample has the shape [0, 1, 8, 8]; UNet2DModel takes at least one pixel, so give an image")]
    [InlineData(new long[] { 2, 1, 8, 8 }, new long[] { 3 }, null, "DIF0410: the timestep has the shape [3]; this model takes [] or [2], so give one timestep, or one for each sample")]
    [InlineData(new long[] { 1, 1, 8, 8 }, new long[] { }, new long[] { 1 }, "DIF0411: class labels are given, and this model has no classes; leave them out")]
    public void WrongTensorsAreRefused(long[] sample, long[] time, long[]? labels, string message)
    {
        using var scope = NewDisposeScope();
        using var model = UNet2DModel.FromConfig(Tiny, 1);

        Assert.Equal(message, Assert.Throws<DiffusionException>(() => model.forward(zeros(sample), zeros(time), labels is null ? null : zeros(labels, ScalarType.Int64))).Message);
    }

    [Fact]
    public void WrongLabelsAreRefused()
    {
        using var scope = NewDisposeScope();
        using var model = UNet2DModel.FromConfig(Tiny with { NumClassEmbeds = 10 }, 1);
        var (sample, time) = (zeros(2, 1, 8, 8), tensor(0L));

        Assert.Equal("DIF0411", Assert.Throws<DiffusionException>(() => model.forward(sample, time)).Id);
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => model.forward(sample, time, tensor(new long[] { 1 }))).Id);
        Assert.Equal(
            "DIF0412: the tensor of class labels holds 10, and this model has 10 classes; choose 0 to 9",
            Assert.Throws<DiffusionException>(() => model.forward(sample, time, tensor(new long[] { 1, 10 }))).Message);
    }

    [Fact]
    public void AFaultyConfigurationIsToldWhole()
    {
        var error = Assert.Throws<DiffusionException>(() => UNet2DModel.FromConfig(Tiny with { ActFn = "tanh", NormNumGroups = 5 }));

        Assert.Equal(["DIF0404", "DIF0403", "DIF0403"], error.Findings.Select(finding => finding.Rule.Id));
    }

    private static Tensor Named(nn.Module model, string name) => model.named_parameters().Single(named => named.name == name).parameter;

    private static void Copy(nn.Module from, nn.Module to)
    {
        var values = from.named_parameters().ToDictionary(named => named.name, named => named.parameter);
        foreach (var (name, parameter) in to.named_parameters())
        {
            if (values.TryGetValue(name, out var value))
                parameter.copy_(value);
        }
    }

    private static void AssertEqual(Tensor expected, Tensor actual) => Assert.InRange((actual - expected).abs().max().item<float>(), 0, 1e-6f * (1 + expected.abs().max().item<float>()));
}
