using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models;

/// <summary>The model against diffusers 0.30.3, with weights made from the seed as Python made them.</summary>
public sealed class UNet2DConditionParityTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("unetcond_sd1")]
    [InlineData("unetcond_sd2")]
    [InlineData("unetcond_inpaint9")]
    [InlineData("unetcond_sdxl")]
    [InlineData("unetcond_classembed")]
    public void OutputsEqualDiffusers(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = Golden(name);
        var io = Goldens.Io(name);
        foreach (var key in io.Keys.Where(key => key.StartsWith("out.", System.StringComparison.Ordinal)))
            Goldens.AssertClose(model.forward(io[key == "out.sample_odd" ? "in.sample_odd" : "in.sample"], io["in.timestep"], Condition(io, key)), io[key], key, output);
    }

    [Theory]
    [InlineData("unetcond_sd1")]
    [InlineData("unetcond_sd2")]
    [InlineData("unetcond_inpaint9")]
    [InlineData("unetcond_sdxl")]
    [InlineData("unetcond_classembed")]
    public void OutputsOfPackedWeightsEqualDiffusers(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = Golden(name);
        Packing.Pack(model);
        var io = Goldens.Io(name);
        foreach (var key in io.Keys.Where(key => key.StartsWith("out.", System.StringComparison.Ordinal)))
            Goldens.AssertClose(model.forward(io[key == "out.sample_odd" ? "in.sample_odd" : "in.sample"], io["in.timestep"], Condition(io, key)), io[key], key, output);
    }

    [Fact]
    public void OutputsWithGradientsRecordedAreTheSame()
    {
        using var scope = NewDisposeScope();
        using var model = Golden("unetcond_sd2");
        var io = Goldens.Io("unetcond_sd2");

        Goldens.AssertClose(model.forward(io["in.sample"], io["in.timestep"], Condition(io, "out.sample")), io["out.sample"], "sample", output);
    }

    [Fact]
    public void EveryBlockEqualsDiffusers()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = Golden("unetcond_sd1");
        var io = Goldens.Io("unetcond_sd1");
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
            }
        }

        model.forward(io["in.sample"], io["in.timestep"], Condition(io, "out.sample"));

        Assert.Equal(8, seen.Count);
        foreach (var (name, result) in seen)
        {
            Goldens.AssertClose(result, io["dbg." + name], name, output);
            result.Dispose();
        }

        Tensor Keep(string name, Tensor result)
        {
            seen[name] = result.clone().DetachFromDisposeScope();

            return result;
        }
    }

    private static UNet2DCondition Condition(Dictionary<string, Tensor> io, string key) => new(
        io["in.encoder_hidden_states"],
        key == "out.sample_masked" ? io["in.encoder_attention_mask"] : null,
        io.GetValueOrDefault("in.class_labels"),
        TextEmbeds: io.GetValueOrDefault("in.text_embeds"),
        TimeIds: io.GetValueOrDefault("in.time_ids"));

    private static UNet2DConditionModel Golden(string name)
    {
        var model = UNet2DConditionModel.FromConfig(UNet2DConditionConfig.FromJson(Goldens.Config(name)), Goldens.Seed(name));
        Goldens.Perturb(model, Goldens.Seed(name));

        return model;
    }
}
