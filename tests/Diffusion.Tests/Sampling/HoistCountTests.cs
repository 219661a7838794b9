using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Sampling;

/// <summary>What a step with guidance computes before and after each hoist: calls of layers that multiply, and their multiplications.</summary>
public sealed class HoistCountTests
{
    private static readonly UNet2DConditionConfig Small = UNet2DConditionConfig.Sd1 with
    {
        BlockOutChannels = EquatableArray.Of(32, 64),
        DownBlockTypes = EquatableArray.Of("CrossAttnDownBlock2D", "DownBlock2D"),
        UpBlockTypes = EquatableArray.Of("UpBlock2D", "CrossAttnUpBlock2D"),
        AttentionHeadDim = EquatableArray.Of(4),
        CrossAttentionDim = EquatableArray.Of(24),
        NormNumGroups = 8,
    };

    [Fact]
    public Task AStepComputesLessWithEveryHoist()
    {
        var text = new StringBuilder("second step, guidance, 2 samples 4x8x8, 77 text vectors\n\n");
        Add("nothing hoisted", times: false, texts: false, halves: false);
        Add("times", times: true, texts: false, halves: false);
        Add("text", times: false, texts: true, halves: false);
        Add("times, shared halves", times: true, texts: false, halves: true);
        Add("all", times: true, texts: true, halves: true);

        return Verify(text.ToString());

        void Add(string name, bool times, bool texts, bool halves)
        {
            var (calls, products) = Count(times, texts, halves);
            text.Append(CultureInfo.InvariantCulture, $"{name,-21}{calls,4} calls {products,12:N0} multiplications\n");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ConstantChannelsAreConvolvedOnce(bool packs)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var random = new Generator(2);
        var model = UNet2DConditionModel.FromConfig(Small with { InChannels = 9 }, seed: 1);
        if (packs)
            Packing.Pack(model);
        using var plain = new UNet2DConditionNetwork(model, owns: false, hoistsChannels: false, sharesHalves: false);
        using var hoisted = new UNet2DConditionNetwork(model, owns: false);
        using var unshared = new UNet2DConditionNetwork(model, sharesHalves: false);
        foreach (var network in new[] { plain, hoisted, unshared })
            network.Prepare([900, 500]);
        using var text = new TextConditions(randn([2, 77, 24], generator: random), randn([2, 77, 24], generator: random));
        using var channels = new ConstantChannels(randn([2, 5, 8, 8], generator: random));
        var conditions = Conditions.None.WithText(text).WithChannels(channels);
        using var x = randn([2, 4, 8, 8], generator: random);

        var expected = plain.Predict(x, 500, Conditioning.Both, conditions);
        Assert.InRange((hoisted.Predict(x, 500, Conditioning.Both, conditions) - expected).abs().max().item<float>(), 0, 2e-6);
        Assert.InRange((unshared.Predict(x, 500, Conditioning.Both, conditions) - expected).abs().max().item<float>(), 0, 2e-6);
        Assert.InRange((hoisted.Predict(x, 900, Conditioning.Conditional, conditions) - plain.Predict(x, 900, Conditioning.Conditional, conditions)).abs().max().item<float>(), 0, 2e-6);
    }

    [Fact]
    public void EveryHoistGivesTheSameNumbers()
    {
        using var scope = NewDisposeScope();
        var plain = Predict(times: false, texts: false, halves: false);

        Assert.All(
            new[] { (true, false, false), (false, true, false), (true, true, false), (true, true, true) },
            switches => Assert.InRange((Predict(switches.Item1, switches.Item2, switches.Item3) - plain).abs().max().item<float>(), 0, 1e-6));
    }

    private static Tensor Predict(bool times, bool texts, bool halves) => Run(times, texts, halves, ScalarType.Float32, _ => { });

    // In double, where no machine has ways of its own: in float32 some run an upsampler's convolution as another one.
    private static (int Calls, long Products) Count(bool times, bool texts, bool halves)
    {
        using var scope = NewDisposeScope();
        var (calls, products) = (0, 0L);
        Run(times, texts, halves, ScalarType.Float64, model =>
        {
            foreach (var layer in model.modules().OfType<nn.Module<Tensor, Tensor>>().Where(layer => layer is ICountsProducts))
                layer.register_forward_hook((_, input, output) => Add(layer, input, output));
            foreach (var layer in model.modules().OfType<nn.Module<Tensor, TextCondition?, Tensor>>().Where(layer => layer is ICountsProducts))
                layer.register_forward_hook((_, input, _, output) => Add(layer, input, output));
        });

        return (calls, products);

        Tensor Add(nn.Module layer, Tensor input, Tensor output)
        {
            calls++;
            products += ((ICountsProducts)layer).Products(input.shape, output.shape);

            return output;
        }
    }

    // The second of two steps; what is looked at is told before it.
    private static Tensor Run(bool times, bool texts, bool halves, ScalarType type, Action<UNet2DConditionModel> beforeSecond)
    {
        using var noGrad = no_grad();
        using var random = new Generator(2);
        var model = UNet2DConditionModel.FromConfig(Small, seed: 1, type);
        using var network = new UNet2DConditionNetwork(model, hoistsText: texts, sharesHalves: halves);
        if (times)
            network.Prepare([900, 500]);
        using var text = new TextConditions(randn([2, 77, 24], generator: random, dtype: type), randn([2, 77, 24], generator: random, dtype: type));
        var conditions = Conditions.None.WithText(text);
        using var x = randn([2, 4, 8, 8], generator: random, dtype: type);
        network.Predict(x, 900, Conditioning.Both, conditions).Dispose();
        beforeSecond(model);

        return network.Predict(x, 500, Conditioning.Both, conditions);
    }
}
