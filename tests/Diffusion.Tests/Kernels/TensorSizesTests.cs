using System;
using System.Linq;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Kernels.Convolutions;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Kernels;

/// <summary>Shapes and orders of memory as kernels read them, against TorchSharp's own.</summary>
public sealed class TensorSizesTests
{
    [Fact]
    public void SizesAndStridesAreTorchs()
    {
        using var scope = NewDisposeScope();
        var image = rand(2, 3, 4, 5);

        Assert.All(
            new[] { image, image.permute(0, 2, 3, 1), image[0, .., 1..3], tensor(1f), zeros(0, 7), empty([2, 3], device: META) },
            one =>
            {
                Assert.Equal(one.shape, one.Sizes());
                Assert.Equal(one.stride(), one.Strides());
            });
    }

    [Theory]
    [InlineData(2, 3, 4, 5)]
    [InlineData(1, 1, 4, 5)]
    [InlineData(2, 3, 1, 1)]
    [InlineData(1, 16, 1, 9)]
    public void ImagesGoPixelByPixelWhereTheirTurnedViewIsContiguous(params int[] lengths)
    {
        using var scope = NewDisposeScope();
        var shape = lengths.Select(length => (long)length).ToArray();
        var (plain, turned) = (rand(shape), ChannelsLast.Empty(shape[0], shape[1], shape[2], shape[3], ScalarType.Float32));

        Assert.Equal(shape, turned.shape);
        Assert.All(new[] { plain, turned, plain[.., .., ..1] }, image => Assert.Equal(image.permute(0, 2, 3, 1).is_contiguous(), ChannelsLast.Holds(image)));
        Assert.Equal(!turned.is_contiguous(), ChannelsLast.Is(turned));
        turned.copy_(plain);
        using var pixels = TensorMemory.Pixels(plain);
        using var same = TensorMemory.Pixels(turned);
        Assert.Equal(Memory.Address(turned), same.Address);
        AssertSame(plain, pixels.Address);
        AssertSame(plain, same.Address);
        Assert.Equal(0, TensorMemory.Rows(null).Address);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1)]
    [InlineData(ScalarType.Float32, 3)]
    [InlineData(ScalarType.BFloat16, 3)]
    public void ABiasOfEachSampleIsTheSum(ScalarType type, long given)
    {
        using var scope = NewDisposeScope();
        var (bias, shift) = (rand(20).to(type), rand([given, 2, 20, 1, 1])[.., 1].to(type));

        Assert.True(SampleBias.Of(bias, shift, samples: 3).equal((bias + shift.view(-1, 20)).expand(3, 20)).all().item<bool>());
    }

    private static unsafe void AssertSame(Tensor image, nint address) => Assert.Equal(
        image.permute(0, 2, 3, 1).contiguous().data<float>().ToArray(),
        new ReadOnlySpan<float>((float*)address, (int)image.numel()).ToArray());
}
