using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using TorchSharp;
using static TorchSharp.torch;
using Conditioned = Diffusion.Runtime.Models.ClassConditionedUNet;

namespace Diffusion.Tests.Models.ClassConditionedUNet;

public sealed class ClassConditionedUNetTests : IDisposable
{
    private static readonly ClassConditionedUNetConfig Tiny = new(
        new UNet2DConfig(
            SampleSize: EquatableArray.Of(8),
            InChannels: 2,
            OutChannels: 2,
            DownBlockTypes: EquatableArray.Of("DownBlock2D"),
            UpBlockTypes: EquatableArray.Of("UpBlock2D"),
            BlockOutChannels: EquatableArray.Of(8),
            LayersPerBlock: 1,
            NormNumGroups: 4),
        Classes: 3);

    private readonly string _folder = Directory.CreateTempSubdirectory("class-conditioned").FullName;

    [Theory]
    [InlineData(false, 1_708_201)]
    [InlineData(true, 1_708_205)]
    public void TheNumberOfParametersIsTheKnownOne(bool nullClass, long count)
    {
        using var model = Conditioned.FromConfig(ClassConditionedUNetConfig.Course.WithNullClass(nullClass), LayerOptions.Shapes());

        Assert.Equal(count, model.ParameterCount);
        Assert.Equal([nullClass ? 11 : 10, 4], model.named_parameters().Single(named => named.name == "class_emb.weight").parameter.shape);
    }

    [Fact]
    public void ParametersHaveTheNamesOfTheCourse()
    {
        using var model = Conditioned.FromConfig(ClassConditionedUNetConfig.Course, LayerOptions.Shapes());
        using var inner = UNet2DModel.FromConfig(UNet2DConfig.Course.WithInChannels(5), LayerOptions.Shapes());

        Assert.Equal(inner.named_parameters().Select(named => "model." + named.name).Prepend("class_emb.weight"), model.named_parameters().Select(named => named.name));
        Assert.StartsWith("ClassConditionedUNet(\n  (class_emb): Embedding(10, 4)\n  (model): UNet2DModel(\n    (conv_in): Conv2d(5, 32, ", model.Print(), StringComparison.Ordinal);
    }

    [Fact]
    public void ClassesAreConstantChannelsBehindThePicture()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = Conditioned.FromConfig(Tiny, seed: 1);
        var (sample, labels) = (randn(2, 2, 8, 6), tensor(new long[] { 2, 0 }));
        var table = model.named_parameters().Single(named => named.name == "class_emb.weight").parameter;
        var planes = ones(2, 4, 8, 6) * table[labels].view(2, 4, 1, 1);
        var expected = model.Inner.forward(cat([sample, planes], 1), tensor(5L));
        using var times = model.Inner.PrepareTimes([5]);

        Same(expected, model.forward(sample, tensor(5L), labels));
        Same(expected, model.forward(sample, tensor(5L), labels.to(ScalarType.Int32)));
        Same(expected, model.Forward(sample, times, 0, labels));
        Same(model.forward(sample, tensor(5L), tensor(new long[] { 1, 1 })), model.forward(sample, tensor(5L), tensor(1L)));
    }

    [Fact]
    public void ASeedGivesTheNumbersOfTheCoursesModule()
    {
        // The course's module makes its table first, then the U-Net, from one generator.
        using var scope = NewDisposeScope();
        using var model = Conditioned.FromConfig(Tiny, seed: 7);
        var expected = empty(3, 4).normal_(0, 1, new Generator(7));

        Same(expected, model.named_parameters().First().parameter.detach());
    }

    [Fact]
    public void ClassVectorsAreTrained()
    {
        using var scope = NewDisposeScope();
        using var model = Conditioned.FromConfig(Tiny, seed: 1);
        model.forward(randn(2, 2, 8, 8), tensor(5L), tensor(new long[] { 2, 2 })).square().mean().backward();
        using var gradient = model.named_parameters().First().parameter.grad!;

        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(row => gradient[row].abs().sum().item<float>() > 0));
    }

    [Fact]
    public void WhatItCannotTakeIsTold()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = Conditioned.FromConfig(Tiny, seed: 1);
        using var withNull = Conditioned.FromConfig(Tiny.WithNullClass(), seed: 1);
        var sample = randn(2, 2, 8, 8);

        Assert.Equal("DIF0410", Error(() => model.forward(randn(2, 6, 8, 8), tensor(5L), tensor(0L))).Id);
        Assert.Equal("DIF0410", Error(() => model.forward(sample, tensor(5L), tensor(new long[] { 1, 1, 1 }))).Id);
        Assert.Equal("DIF0412: the tensor of class labels holds 3, and this model has 3 classes; choose 0 to 2", Error(() => model.forward(sample, tensor(5L), tensor(3L))).Message);
        Assert.Equal(sample.shape, withNull.forward(sample, tensor(5L), tensor(3L)).shape);
        Assert.Equal(
            "DIF0412: the tensor of class labels holds -1, and this model has 4 classes of which the last means no label; choose 0 to 3",
            Error(() => withNull.forward(sample, tensor(5L), tensor(-1L))).Message);
    }

    [Fact]
    public void WrongConfigurationsAreTold()
    {
        Assert.Empty(Tiny.Validate());
        Assert.Equal(["DIF0405"], Ids(Tiny.WithClasses(0)));
        Assert.Equal(["DIF0405"], Ids(Tiny.WithEmbeddingSize(0)));
        Assert.Equal(["DIF0405"], Ids(Tiny.WithUnet(Tiny.Unet.WithInChannels(0))));
        Assert.Equal(["DIF0407"], Ids(Tiny.WithUnet(Tiny.Unet with { NumClassEmbeds = 10 })));
        Assert.Equal(["DIF0407"], Ids(Tiny.WithUnet(Tiny.Unet with { ClassEmbedType = "timestep" })));
        Assert.Equal("DIF0408", Assert.Throws<DiffusionException>(() => ClassConditionedUNetConfig.FromJson(UNet2DConfig.Course.ToJson())).Id);
        Assert.Equal("DIF0408", Assert.Throws<DiffusionException>(() => UNet2DConfig.FromJson(Tiny.ToJson())).Id);
        Assert.Equal("DIF0582", Assert.Throws<DiffusionException>(() => ClassConditionedUNetConfig.FromJson(JsonValue.EmptyObject)).Id);

        static string[] Ids(ClassConditionedUNetConfig config) => [.. config.Validate().Select(finding => finding.Rule.Id)];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ASavedModelIsReadBack(bool nullClass)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = Conditioned.FromConfig(Tiny.WithNullClass(nullClass), seed: 3);
        model.SavePretrained(_folder);
        using var read = Conditioned.FromPretrained(_folder);
        var sample = randn(1, 2, 8, 8);

        Assert.Equal(model.Config.ToJson().ToIndentedString(), read.Config.ToJson().ToIndentedString());
        Assert.False(read.training);
        Same(model.forward(sample, tensor(5L), tensor(1L)), read.forward(sample, tensor(5L), tensor(1L)));

        // diffusers reads what stands in "model".
        var json = JsonValue.Parse(File.ReadAllText(Path.Combine(_folder, "config.json")), "config.json");
        Assert.Equal(6, UNet2DConfig.FromJson(json["model"]).InChannels);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static DiffusionException Error(Func<Tensor> call) => Assert.Throws<DiffusionException>(() => call());

    private static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-5f);
    }
}
