using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Weights;
using TorchSharp;
using static TorchSharp.torch;
using Course = Diffusion.Runtime.Models.BasicUNet;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Tests.Models.BasicUNet;

public sealed class BasicUNetTests
{
    [Theory]
    [InlineData(1, 1, 309_057)]
    [InlineData(3, 3, 312_259)]
    public void TheNumberOfParametersIsThatOfTheCourse(int inChannels, int outChannels, long count)
    {
        using var model = Course.Create(LayerOptions.Shapes(), inChannels, outChannels);
        Assert.Equal(count, model.ParameterCount);
    }

    [Fact]
    public void ParametersHaveTheNamesOfTheCourse()
    {
        using var model = Course.Create(LayerOptions.Shapes());
        Assert.Equal(
            ["down_layers.0.weight", "down_layers.0.bias", "down_layers.1.weight", "down_layers.1.bias", "down_layers.2.weight", "down_layers.2.bias", "up_layers.0.weight", "up_layers.0.bias", "up_layers.1.weight", "up_layers.1.bias", "up_layers.2.weight", "up_layers.2.bias"],
            model.named_parameters().Select(named => named.name));
    }

    [Fact]
    public async Task ItIsPrintedAsPyTorchPrintsIt()
    {
        using var model = Course.Create(LayerOptions.Shapes());
        await Verify(model.Print() + "\n" + model.Explain() + "\n" + model.Summary());
    }

    [Fact]
    public void TheOutputIsThatOfTheCoursesLoop()
    {
        using var scope = NewDisposeScope();
        using var model = Course.Untrained(seed: 3);
        var input = rand(2, 1, 28, 28, generator: new Generator(1));
        var weights = model.named_parameters().ToDictionary(named => named.name, named => (Tensor)named.parameter);
        var first = Layer(input, "down_layers.0");
        var second = Layer(F.max_pool2d(first, 2), "down_layers.1");
        var hidden = Layer(Layer(F.max_pool2d(second, 2), "down_layers.2"), "up_layers.0");
        hidden = Layer(F.interpolate(hidden, scale_factor: [2, 2]) + second, "up_layers.1");
        hidden = Layer(F.interpolate(hidden, scale_factor: [2, 2]) + first, "up_layers.2");
        var copy = input.clone();
        Assert.Equal(0, (model.call(input) - hidden).abs().max().item<float>(), tolerance: 1e-6f);

        using var inference = no_grad();
        Assert.Equal(0, (model.call(input) - hidden).abs().max().item<float>(), tolerance: 1e-6f);
        Assert.Equal(copy.data<float>().ToArray(), input.data<float>().ToArray());

        Tensor Layer(Tensor x, string name) => F.silu(F.conv2d(x, weights[name + ".weight"], weights[name + ".bias"], padding: [2, 2]));
    }

    [Fact]
    public void TheOutputIsBoundedBelowSoNoiseCannotBeLearnt()
    {
        using var scope = NewDisposeScope();
        using var model = Course.Untrained();
        var least = F.silu(linspace(-2, 0, 100_001, ScalarType.Float64)).min().item<double>();
        Assert.Equal(Course.LeastOutput, least, tolerance: 1e-9);
        Assert.InRange(model.call(100 * randn(1, 1, 8, 8, generator: new Generator(1))).min().item<float>(), (float)Course.LeastOutput, float.PositiveInfinity);
        Assert.Equal("DIF0224", Assert.Single(model.Check(Objectives.Epsilon)).Rule.Id);
        Assert.Equal("DIF0224", Assert.Single(model.Check(Objectives.Sample, leastData: -1)).Rule.Id);
        Assert.Empty(model.Check(Objectives.Sample));
        Assert.Equal(
            "DIF0224: the network BasicUNet gives nothing below -0.2785, but it is to learn epsilon, whose values have no bound; train it on clean samples in [0, 1], or end it without an activation",
            model.Check(Objectives.Epsilon)[0].ToString());
    }

    [Theory]
    [InlineData(1, 1, 28, 27)]
    [InlineData(1, 2, 28, 28)]
    [InlineData(1, 1, 0, 4)]
    public void APictureThatDoesNotFitIsRefused(params int[] shape)
    {
        using var scope = NewDisposeScope();
        using var model = Course.Untrained();
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => model.call(zeros(shape.Select(size => (long)size).ToArray()))).Id);
    }

    [Fact]
    public void NoChannelsAreRefused() => Assert.Equal("DIF0405", Assert.Throws<DiffusionException>(() => Course.Untrained(inChannels: 0)).Id);

    [Fact]
    public void AFileGivesTheModelBackWithItsChannels()
    {
        var folder = Directory.CreateTempSubdirectory("diffusion-basic-unet-");
        try
        {
            using var scope = NewDisposeScope();
            var path = Path.Combine(folder.FullName, "basic_unet.safetensors");
            using var model = Course.Untrained(seed: 1, inChannels: 3, outChannels: 2);
            StateDict.Save(model, path, ScalarType.Float16);
            using var loaded = Course.Load(path);
            Assert.Equal((3, 2), (loaded.InChannels, loaded.OutChannels));
            Assert.Equal(ScalarType.Float32, loaded.parameters().First().dtype);
            var input = rand(1, 3, 8, 8, generator: new Generator(1));
            Assert.Equal(0, (model.call(input) - loaded.call(input)).abs().max().item<float>(), tolerance: 1e-3f);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void TrainingItLowersTheLoss()
    {
        using var scope = NewDisposeScope();
        using var model = Course.Untrained();
        using var adam = new Diffusion.Runtime.Training.AdamW(model, weightDecay: 0);
        using var random = new Generator(1);
        var clean = rand(4, 1, 8, 8, generator: random).round();
        var losses = Enumerable.Range(0, 30).Select(_ =>
        {
            var noisy = NaiveCorruption.Apply(clean, rand(4, generator: random), random);
            var loss = F.mse_loss(model.call(noisy), clean);
            loss.backward();
            adam.Step(1e-3);
            return loss.item<float>();
        }).ToArray();
        Assert.InRange(losses[^3..].Average(), 0, 0.6 * losses[..3].Average());
    }
}
