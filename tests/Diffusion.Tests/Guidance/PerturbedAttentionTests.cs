using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using Diffusion.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Guidance;

public sealed class PerturbedAttentionTests
{
    private static readonly EquatableArray<string> Default = default;

    [Fact]
    public void ASelfAttentionThatIsSwitchedOffGivesItsValues()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        var layer = new TokenAttention(8, null, 2, upcasts: false, dropout: 0, LayerOptions.Seeded(1));
        var tokens = randn([2, 5, 8], generator: random);
        var named = layer.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        var values = nn.functional.linear(nn.functional.linear(tokens, named["to_v.weight"]), named["to_out.0.weight"], named["to_out.0.bias"]);

        Assert.InRange((layer.forward(tokens, Off(layer)) - values).abs().max().item<float>(), 0, 1e-6);
        Assert.True((layer.forward(tokens, null) - values).abs().max().item<float>() > 1e-3);
        Assert.True(layer.forward(tokens, Off(nn.Linear(1, 1))).equal(layer.forward(tokens, null)).all().item<bool>());
    }

    [Fact]
    public void ASelfAttentionOverPixelsThatIsSwitchedOffGivesItsValues()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        var layer = new Attention(8, 4, normGroups: null, 1e-5, rescale: 1, LayerOptions.Seeded(1));
        var image = randn([2, 8, 3, 3], generator: random);
        var named = layer.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        var tokens = image.flatten(2).transpose(1, 2);
        var values = nn.functional.linear(nn.functional.linear(tokens, named["to_v.weight"], named["to_v.bias"]), named["to_out.0.weight"], named["to_out.0.bias"]);
        var expected = values.transpose(1, 2).reshape(image.shape) + image;

        Assert.InRange((((IFeatureMixer)layer).Mix(image, Off(layer)) - expected).abs().max().item<float>(), 0, 1e-6);
        Assert.True((layer.forward(image) - expected).abs().max().item<float>() > 1e-3);
    }

    [Fact]
    public void WithoutNamesTheMiddleIsSwitchedOffOrTheDeepestThatThereIs()
    {
        using var scope = NewDisposeScope();
        using var whole = TinyCondition.Model();
        using var headless = UNet2DConditionModel.FromConfig(TinyCondition.Config with { MidBlockType = null });
        using var pixels = UNet2DModel.FromConfig(TinyUNet.Config);

        Assert.Equal(["mid_block.attentions.0.transformer_blocks.0.attn1"], Names(whole, Default));
        Assert.Equal(["down_blocks.0.attentions.0.transformer_blocks.0.attn1"], Names(headless, Default));
        Assert.Equal(["mid_block.attentions.0"], Names(pixels, Default));
        Assert.Equal(["up_blocks.0.attentions.1"], Names(pixels, EquatableArray.Of("up_blocks.0.attentions.1")));
        Assert.Equal(2, Names(whole, EquatableArray.Of("up_blocks")).Length);
    }

    [Theory]
    [InlineData("down_blocks.1", "down_blocks.0, up_blocks.1, mid_block")]
    [InlineData("down_block", "down_blocks.0, up_blocks.1, mid_block")]
    [InlineData("", "down_blocks.0, up_blocks.1, mid_block")]
    public void ANameThatNoSelfAttentionHasIsRefused(string name, string known)
    {
        using var model = TinyCondition.Model();
        var error = Assert.Throws<DiffusionException>(() => PerturbedLayers.Of(model, EquatableArray.Of(name)));

        Assert.Equal("DIF0420", error.Id);
        Assert.EndsWith("choose " + known, error.Message);
    }

    // Over a single token, attention is the identity already.
    [Theory]
    [InlineData(2, true)]
    [InlineData(8, false)]
    public void OverOneTokenNothingChanges(int size, bool isSame)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var random = new Generator(2);
        using var network = new UNet2DConditionNetwork(TinyCondition.Model());
        network.Prepare([900]);
        using var text = new TextConditions(randn([1, 5, 12], generator: random));
        var conditions = Conditions.None.WithText(text);
        var x = randn([1, 4, size, size], generator: random);
        var difference = (network.Predict(x, 900, Conditioning.Conditional, conditions) - network.Predict(x, 900, Conditioning.Conditional, conditions.WithPerturbed(Default))).abs().max().item<float>();

        Assert.Equal(isSame, difference < 1e-6);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void HoistingChangesNothing(bool hoistsTimes, bool hoistsText)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var random = new Generator(2);
        var model = TinyCondition.Model();
        using var text = new TextConditions(randn([2, 5, 12], generator: random));
        var conditions = Conditions.None.WithText(text).WithPerturbed(EquatableArray.Of("mid_block", "up_blocks.1"));
        var x = randn([2, 4, 8, 8], generator: random);
        using var plain = new UNet2DConditionNetwork(model, owns: false, hoistsText: false);
        using var network = new UNet2DConditionNetwork(model, hoistsText: hoistsText);
        if (hoistsTimes)
        {
            network.Prepare([900]);
        }

        Assert.InRange((network.Predict(x, 900, Conditioning.Conditional, conditions) - plain.Predict(x, 900, Conditioning.Conditional, conditions)).abs().max().item<float>(), 0, 1e-6);
    }

    [Fact]
    public async Task ThreadsThatSwitchOffOtherLayersDoNotDisturbEachOther()
    {
        using var network = new UNet2DNetwork(UNet2DModel.FromConfig(TinyUNet.Config));
        using var random = new Generator(2);
        using var x = randn([1, 1, 8, 8], generator: random);
        Conditions[] kinds = [Conditions.None, Conditions.None.WithPerturbed(Default), Conditions.None.WithPerturbed(EquatableArray.Of("up_blocks"))];
        var alone = kinds.Select(Predict).ToArray();
        var together = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() => Predict(kinds[i % 3]))));

        Assert.All(Enumerable.Range(0, 30), i => Assert.Equal(alone[i % 3], together[i]));
        Assert.Equal(3, alone.Select(output => output[0]).Distinct().Count());

        float[] Predict(Conditions conditions)
        {
            using var guard = no_grad();
            using var output = network.Predict(x, 500, Conditioning.Conditional, conditions);
            return output.data<float>().ToArray();
        }
    }

    private static PerturbedText Off(nn.Module layer) => new(null, 2, new HashSet<nn.Module>(ReferenceEqualityComparer.Instance) { layer });

    private static string[] Names(nn.Module model, EquatableArray<string> layers)
    {
        var chosen = PerturbedLayers.Of(model, layers);
        return [.. model.named_modules().Where(entry => chosen.Contains(entry.module)).Select(entry => entry.name)];
    }
}
