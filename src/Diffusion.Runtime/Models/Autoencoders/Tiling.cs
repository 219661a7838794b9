using System;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>
/// Runs one half of an autoencoder tile by tile and blends tiles over their overlap, from one to the other along a straight line, as diffusers'
/// <c>tiled_encode</c> and <c>tiled_decode</c> do. Of earlier tiles only the strips that are still to be blended are kept.
/// </summary>
/// <param name="tile">Height and width of a tile in latent pixels.</param>
/// <param name="stride">Latent pixels from one tile to the next.</param>
/// <param name="inScale">Pixels of the input for each latent pixel.</param>
/// <param name="outScale">Pixels of the output for each latent pixel.</param>
internal sealed class Tiling(int tile, int stride, int inScale, int outScale)
{
    /// <summary>The tiles that are asked for.</summary>
    /// <param name="memory">What is asked for; it has tiles.</param>
    /// <param name="layout">The autoencoder's make.</param>
    /// <param name="encodes">Whether images become latents, or the reverse.</param>
    /// <exception cref="DiffusionException">DIF0432: the tile size is not a multiple of the factor.</exception>
    public static Tiling Of(VaeMemory memory, AutoencoderLayout layout, bool encodes)
    {
        var factor = layout.Factor;
        if (memory.TileSize is { } size && size % factor != 0)
            throw Rules.SizeNotDivisible.Error("the tile size", size, factor, Math.Max(size / factor, 1) * factor, (Math.Max(size / factor, 1) + 1) * factor, "the VAE");

        var tile = Math.Max((memory.TileSize ?? layout.SampleSize[0]) / factor, 1);
        var stride = Math.Max((int)(tile * (1 - memory.Overlap)), 1);

        return new Tiling(tile, stride, encodes ? factor : 1, encodes ? 1 : factor);
    }

    /// <summary>The whole output.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>; left as it is.</param>
    /// <param name="half">The encoder or the decoder; its output is taken over.</param>
    public Tensor Run(Tensor input, Func<Tensor, Tensor> half)
    {
        var (height, width) = (input.Sizes()[2] / inScale, input.Sizes()[3] / inScale);
        if (height <= tile && width <= tile)
            return half(input);

        using var scope = NewDisposeScope();
        var above = new Tensor?[(width + stride - 1) / stride];
        Tensor? output = null;
        for (long row = 0; row < height; row += stride)
        {
            Tensor? left = null;
            for (long column = 0; column < width; column += stride)
            {
                var place = column / stride;
                using var part = Cut(Cut(input, 2, row), 3, column);
                using var result = half(part);
                Blend(above[place], result, 2);
                Blend(left, result, 3);
                above[place]?.Dispose();
                left?.Dispose();
                above[place] = row + stride < height ? Strip(result, 2) : null;
                left = column + stride < width ? Strip(result, 3) : null;
                output ??= empty([result.Sizes()[0], result.Sizes()[1], height * outScale, width * outScale], result.dtype, result.device);
                Place(result, output, row * outScale, column * outScale);
            }
        }

        return output!.MoveToOuterDisposeScope();
    }

    // A tile of the input; the last takes the pixels that make no latent pixel of their own.
    private Tensor Cut(Tensor input, int axis, long start)
    {
        var end = start + tile >= input.Sizes()[axis] / inScale ? input.Sizes()[axis] : (start + tile) * inScale;

        return input.narrow(axis, start * inScale, end - (start * inScale));
    }

    private void Place(Tensor result, Tensor output, long top, long left)
    {
        var (rows, columns) = (Math.Min(result.Sizes()[2], stride * outScale), Math.Min(result.Sizes()[3], stride * outScale));
        using var scope = NewDisposeScope();
        output.narrow(2, top, rows).narrow(3, left, columns).copy_(result.narrow(2, 0, rows).narrow(3, 0, columns));
    }

    // The end of a tile, which the next one covers again; null where tiles do not overlap.
    private Tensor? Strip(Tensor result, int axis)
    {
        var length = Math.Min((long)(tile - stride) * outScale, result.Sizes()[axis]);
        if (length == 0)
            return null;

        using var end = result.narrow(axis, result.Sizes()[axis] - length, length);

        return end.clone();
    }

    // Fades from the strip's end into the tile's beginning.
    private static void Blend(Tensor? strip, Tensor result, int axis)
    {
        if (strip is null)
            return;

        using var scope = NewDisposeScope();
        var length = Math.Min(strip.Sizes()[axis], result.Sizes()[axis]);
        var before = strip.narrow(axis, strip.Sizes()[axis] - length, length);
        var start = result.narrow(axis, 0, length);
        long[] shape = axis == 2 ? [length, 1] : [length];
        var share = Arithmetic.Over(Arithmetic.Range(length, ScalarType.Float64, CPU), length).view(shape);
        start.copy_(Arithmetic.Plus(before * Arithmetic.FromOne(share).to(result.dtype, result.device), start * share.to(result.dtype, result.device)));
    }
}
