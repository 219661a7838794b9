using System.Linq;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Kernels;

public sealed class SlicedAttentionTests
{
    private const long Heads = 4;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(1, true)]
    [InlineData(3, true)]
    public void SlicesGiveWhatAllHeadsAtOnceGive(long slice, bool masks)
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs();
        var bias = masks ? zeros(2, 1, 1, 7).masked_fill_(arange(14).view(2, 1, 1, 7).remainder(3).eq(0), float.NegativeInfinity) : null;
        var gradient = randn([2, 5, Heads * 6], generator: new Generator(2));
        var whole = FusedAttention.Attend(inputs[0], inputs[1], inputs[2], Heads, bias);
        var sliced = SlicedAttention.InSlices(inputs[0], inputs[1], inputs[2], Heads, slice, bias);

        Near(whole, sliced);
        Assert.All(autograd.grad([whole], inputs, [gradient]).Zip(autograd.grad([sliced], inputs, [gradient])), pair => Near(pair.First, pair.Second));
    }

    [Fact]
    public void ASliceThatLeavesAHeadOutWouldShow()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs();
        var whole = FusedAttention.Attend(inputs[0], inputs[1], inputs[2], Heads);
        var part = SlicedAttention.InSlices(inputs[0], inputs[1], inputs[2] * tensor(Enumerable.Repeat(1f, 18).Concat(Enumerable.Repeat(0f, 6)).ToArray()), Heads, 1);

        Assert.True((whole - part).abs().max().item<float>() > 0.1f);
    }

    [Fact]
    public void OnlyASliceIsConvertedAtATime()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        Tensor[] halves = [.. Inputs().Select(input => input.to(ScalarType.BFloat16))];
        var whole = SlicedAttention.Attend(halves[0], halves[1], halves[2], Heads, null, upcasts: true);
        var sliced = SlicedAttention.Attend(halves[0], halves[1], halves[2], Heads, 1, upcasts: true);

        Assert.Equal(ScalarType.BFloat16, sliced.dtype);
        Assert.True(whole.equal(sliced).all().item<bool>());
    }

    private static Tensor[] Inputs()
    {
        using var generator = new Generator(1);
        return [.. new[] { 5, 7, 7 }.Select(length => randn([2, length, Heads * 6], generator: generator).requires_grad_())];
    }

    private static void Near(Tensor expected, Tensor actual) => Assert.True(actual.allclose(expected, rtol: 1e-5, atol: 1e-5));
}
