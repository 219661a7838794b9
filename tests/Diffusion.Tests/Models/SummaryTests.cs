using System;
using System.Linq;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;

namespace Diffusion.Tests.Models;

/// <summary>The tables of every model.</summary>
public sealed class SummaryTests
{
    [Fact]
    public async Task EveryModelSumsItselfUp()
    {
        using var basic = Runtime.Models.BasicUNet.Create(LayerOptions.Shapes());
        using var course = UNet2DModel.FromConfig(UNet2DConfig.Course, LayerOptions.Shapes());
        using var conditioned = Runtime.Models.ClassConditionedUNet.FromConfig(ClassConditionedUNetConfig.Course, LayerOptions.Shapes());
        using var classifier = Runtime.Models.DigitClassifier.Untrained();

        Assert.Equal(60_874, classifier.ParameterCount);
        Assert.StartsWith("DigitClassifier(\n", classifier.Print(), StringComparison.Ordinal);
        await Verify(string.Join("\n", basic.Summary(), course.Summary(), course.Summary(depth: 2), conditioned.Summary(), classifier.Summary()));
    }

    [Fact]
    public async Task ClipsTowersSumThemselvesUp()
    {
        using var text = ClipTextModel.FromConfig(ClipTextConfig.StableDiffusion1, LayerOptions.Shapes());
        using var vision = ClipVisionModel.FromConfig(ClipVisionConfig.VitB32.WithNumHiddenLayers(2), LayerOptions.Shapes());
        using var whole = ClipModel.FromConfig(ClipConfig.VitB32, LayerOptions.Shapes());

        await Verify(string.Join("\n", text.Summary(), vision.Summary(depth: 2), whole.Summary()));
    }

    [Fact]
    public void EveryKindOfUNetHasATable()
    {
        var skip = new UNet2DConfig(
            DownBlockTypes: EquatableArray.Of("SkipDownBlock2D", "AttnSkipDownBlock2D"),
            UpBlockTypes: EquatableArray.Of("AttnSkipUpBlock2D", "SkipUpBlock2D"),
            BlockOutChannels: EquatableArray.Of(32, 32),
            TimeEmbeddingType: "fourier",
            NormNumGroups: null);
        foreach (var config in new[]
        {
            skip,
            UNet2DConfig.Course with { ActFn = "relu" },
            UNet2DConfig.Course with { ActFn = "mish" },
            UNet2DConfig.Course with { ActFn = "gelu" },
            UNet2DConfig.Course with { NumClassEmbeds = 10 },
            UNet2DConfig.Course with { ClassEmbedType = "timestep" },
            UNet2DConfig.Course with { ClassEmbedType = "identity", ResnetTimeScaleShift = "scale_shift" },
            UNet2DConfig.Course with { TimeEmbeddingType = "learned", NumTrainTimesteps = 1000, DownsampleType = "resnet", UpsampleType = "resnet" },
        })
        {
            using var model = UNet2DModel.FromConfig(config, LayerOptions.Shapes());
            Assert.All(Enumerable.Range(1, 3), depth => Assert.Contains("total", model.Summary(16, 16, depth), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void AModelOfAnySizeHasToBeToldOne()
    {
        using var model = UNet2DModel.FromConfig(UNet2DConfig.Course with { SampleSize = default }, LayerOptions.Shapes());

        Assert.Equal("DIF0407", Assert.Throws<DiffusionException>(() => model.Summary()).Id);
        Assert.Equal("DIF0407", Assert.Throws<DiffusionException>(() => model.Summary(height: 28)).Id);
        Assert.Contains("total", model.Summary(28, 28), StringComparison.Ordinal);
    }
}
