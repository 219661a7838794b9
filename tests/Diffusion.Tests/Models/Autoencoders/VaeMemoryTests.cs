using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models;

/// <summary>Slices and tiles against the whole, and tiles against the algorithm as diffusers writes it down.</summary>
public sealed class VaeMemoryTests : IDisposable
{
    private readonly AutoencoderKL _model = AutoencoderKL.FromConfig(TinyAutoencoders.Kl, 1);

    public void Dispose() => _model.Dispose();

    [Fact]
    public void ASliceIsTheImageAloneBitForBit()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (images, latents) = (TinyAutoencoders.Noise(3, 1, 16, 16), TinyAutoencoders.Noise(3, 4, 8, 8));
        var (decoded, moments) = (_model.Decode(latents, VaeMemory.Sliced), _model.Encode(images, VaeMemory.Sliced).Moments);

        for (var i = 0; i < 3; i++)
        {
            Assert.True(decoded.narrow(0, i, 1).Equals(_model.Decode(latents.narrow(0, i, 1))));
            Assert.True(moments.narrow(0, i, 1).Equals(_model.Encode(images.narrow(0, i, 1)).Moments));
        }

        // libtorch convolves one small image by another algorithm than several, so the whole batch is equal up to rounding.
        Near(_model.Decode(latents), decoded);
        Near(_model.Encode(images).Moments, moments);
    }

    [Fact]
    public void OneTileIsTheWholeImage()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (images, latents) = (TinyAutoencoders.Noise(2, 1, 16, 12), TinyAutoencoders.Noise(2, 4, 8, 6));

        Assert.True(_model.Decode(latents, VaeMemory.Tiled()).Equals(_model.Decode(latents)));
        Assert.True(_model.Decode(latents, VaeMemory.Tiled(64)).Equals(_model.Decode(latents)));
        Assert.True(_model.Encode(images, VaeMemory.Tiled()).Moments.Equals(_model.Encode(images).Moments));
    }

    [Theory]
    [InlineData(11, 17, 8)]
    [InlineData(8, 9, 8)]
    [InlineData(25, 8, 16)]
    [InlineData(13, 13, 24)]
    public void TilesAreBlendedAsInDiffusers(int height, int width, int tile)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (images, latents) = (TinyAutoencoders.Noise(2, 1, 2 * height, 2 * width), TinyAutoencoders.Noise(2, 4, height, width));

        Near(Python(latents, part => _model.Decode(part), tile / 2, 3 * tile / 8, tile / 4, 3 * tile / 4), _model.Decode(latents, VaeMemory.Tiled(tile)));
        Near(Python(images, part => _model.Encode(part).Moments, tile, 3 * tile / 4, tile / 8, 3 * tile / 8), _model.Encode(images, VaeMemory.Tiled(tile)).Moments);
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(0.3, 4)]
    [InlineData(0.9, 2)]
    public void AnyOverlapCoversTheImage(double overlap, int unblended)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var latents = TinyAutoencoders.Noise(1, 4, 13, 9);
        var image = _model.Decode(latents, VaeMemory.Tiled(8, overlap));
        var first = _model.Decode(latents.narrow(2, 0, 4).narrow(3, 0, 4));

        Assert.Equal([1, 1, 26, 18], image.shape);
        Assert.True(image.isfinite().all().item<bool>());
        Near(first.narrow(2, 0, unblended).narrow(3, 0, unblended), image.narrow(2, 0, unblended).narrow(3, 0, unblended));
    }

    [Fact]
    public void OddSizesKeepTheSizeOfTheirLatents()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();

        Assert.Equal([1, 8, 12, 8], _model.Encode(TinyAutoencoders.Noise(1, 1, 25, 17), VaeMemory.Tiled(8)).Moments.shape);
    }

    [Fact]
    public void SlicesOfTilesAreTiles()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var latents = TinyAutoencoders.Noise(2, 4, 9, 9);

        Near(_model.Decode(latents, VaeMemory.Tiled(8)), _model.Decode(latents, VaeMemory.Tiled(8).WithSlices(true)));
    }

    [Fact]
    public void GradientsGoThroughTilesAndSlices()
    {
        using var scope = NewDisposeScope();
        var latents = TinyAutoencoders.Noise(2, 4, 9, 9).requires_grad_();
        _model.Decode(latents, VaeMemory.Tiled(8).WithSlices(true)).square().sum().backward();

        Assert.True(latents.grad!.abs().amax(1).min().item<float>() > 0);
        Assert.All(_model.named_parameters().Where(named => named.name.StartsWith("decoder.", StringComparison.Ordinal)), named => Assert.False(named.parameter.grad is null, named.name));
    }

    // tiled_encode and tiled_decode, step by step; extent and limit in pixels of the output.
    private static Tensor Python(Tensor input, Func<Tensor, Tensor> half, int tile, int stride, int extent, int limit)
    {
        var rows = new List<List<Tensor>>();
        for (var i = 0; i < input.shape[2]; i += stride)
        {
            rows.Add([]);
            for (var j = 0; j < input.shape[3]; j += stride)
                rows[^1].Add(half(input[TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Slice(i, i + tile), TensorIndex.Slice(j, j + tile)]));
        }

        var results = rows.Select((row, i) => cat([.. row.Select((result, j) =>
        {
            if (i > 0)
                Blend(rows[i - 1][j], result, 2);
            if (j > 0)
                Blend(row[j - 1], result, 3);
            return result[TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Slice(0, limit), TensorIndex.Slice(0, limit)];
        })], 3)).ToArray();

        return cat(results, 2);

        void Blend(Tensor before, Tensor after, int axis)
        {
            var length = Math.Min(Math.Min(before.shape[axis], after.shape[axis]), extent);
            for (var k = 0; k < length; k++)
            {
                var share = (double)k / length;
                after.select(axis, k).copy_((before.select(axis, before.shape[axis] - length + k) * (1 - share)) + (after.select(axis, k) * share));
            }
        }
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((actual - expected).abs().max().item<float>(), 0, 1e-5f * (1 + expected.abs().max().item<float>()));
    }
}
