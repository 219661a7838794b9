using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models;

/// <summary>The model against diffusers 0.30.3.</summary>
public sealed class UNet2DParityTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("unet2d_mnist")]
    [InlineData("unet2d_celebahq_tiny")]
    [InlineData("unet2d_classcond")]
    [InlineData("unet2d_scale_shift")]
    [InlineData("unet2d_nonsquare_center")]
    public void OutputsEqualDiffusers(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Golden(name);
        var io = Goldens.Io(name);
        using var noGrad = no_grad();
        var labels = io.GetValueOrDefault("in.class_labels");

        Goldens.AssertClose(model.forward(io["in.sample"], io["in.timestep"], labels), io["out.sample"], "sample", output);
        Goldens.AssertClose(model.forward(io["in.sample"], io["in.timestep_scalar"], labels), io["out.sample_scalar_t"], "sample_scalar_t", output);
    }

    [Fact]
    public void OutputsWithGradientsRecordedAreTheSame()
    {
        using var scope = NewDisposeScope();
        using var model = Golden("unet2d_scale_shift");
        var io = Goldens.Io("unet2d_scale_shift");

        Goldens.AssertClose(model.forward(io["in.sample"], io["in.timestep"]), io["out.sample"], "sample", output);
    }

    [Fact]
    public void EveryBlockOfTheCourseModelEqualsDiffusers()
    {
        using var scope = NewDisposeScope();
        using var model = Golden("unet2d_mnist");
        var io = Goldens.Io("unet2d_mnist");
        var seen = new Dictionary<string, Tensor>();
        foreach (var name in io.Keys.Where(key => key.StartsWith("dbg.", System.StringComparison.Ordinal)).Select(key => key[4..]))
        {
            switch (model.named_modules().Single(module => module.name == name).module)
            {
                case nn.Module<Tensor, Tensor> layer:
                    layer.register_forward_hook((_, _, result) => Keep(name, result));
                    break;
                case nn.Module<UNet2DState, Tensor> block:
                    block.register_forward_hook((_, _, result) => Keep(name, result));
                    break;
                case nn.Module<Tensor, Diffusion.Runtime.Layers.TimeCondition, Tensor> mid:
                    mid.register_forward_hook((_, _, _, result) => Keep(name, result));
                    break;
            }
        }

        Tensor Keep(string name, Tensor result)
        {
            seen[name] = result.clone().DetachFromDisposeScope();

            return result;
        }

        using var noGrad = no_grad();
        model.forward(io["in.sample"], io["in.timestep"]);

        Assert.Equal(9, seen.Count);
        foreach (var (name, result) in seen)
        {
            Goldens.AssertClose(result, io["dbg." + name], name, output);
            result.Dispose();
        }
    }

    [Fact]
    public void AFreshModelHasPythonsInitialValues()
    {
        using var scope = NewDisposeScope();
        using var model = Golden("unet2d_nonsquare_center");
        var stored = SafetensorsFile.Read(Goldens.PathOf("models/unet2d_nonsquare_center/diffusion_pytorch_model.safetensors"));

        Assert.Equal(stored.Keys.Order(), model.state_dict().Keys.Order());
        Assert.All(model.named_parameters(), named => Assert.InRange((named.parameter - stored[named.name]).abs().max().item<float>(), 0, 1e-7f));
    }

    [Fact]
    public void TheCourseModelPrintsAsInPython()
    {
        using var model = UNet2DModel.FromConfig(UNet2DConfig.FromJson(Goldens.Config("unet2d_mnist")), Diffusion.Runtime.Layers.LayerOptions.Shapes());

        Assert.Equal(File.ReadAllText(Goldens.PathOf("prints/unet2d_mnist.txt")), model.Print());
    }

    private static UNet2DModel Golden(string name)
    {
        var model = UNet2DModel.FromConfig(UNet2DConfig.FromJson(Goldens.Config(name)), Goldens.Seed(name));
        Goldens.Perturb(model, Goldens.Seed(name), half: name == "unet2d_mnist");

        return model;
    }
}
