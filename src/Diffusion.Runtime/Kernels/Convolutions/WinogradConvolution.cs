using System;
using Diffusion.Runtime.Kernels.Products;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Convolutions;

/// <summary>
/// Convolutions of 3 by 3 pixels with a border of zeros in float32, with 16 products where the definition has 36 (see <see cref="WinogradTransforms"/>). Weights stay as they
/// are in memory; a panel's are changed to the other basis in the cache when they are needed, which takes a hundredth of the time and saves 0.8 of their size.
/// </summary>
/// <param name="panels">The weights, <c>[C′, C · 9]</c>; taken over.</param>
internal sealed unsafe class WinogradConvolution(Panels panels) : IConvolutionKernel
{
    private const int Points = WinogradTransforms.Points;
    private const int Width = MatrixTile.Columns;

    // Tiles that share a panel's changed weights; their products are a quarter of a megabyte.
    private const int Block = 128;

    // Floats of changed input at a time: they stay in the third level of the cache.
    private const int Room = 4 << 20;

    private const int MostDepth = 384;

    // What a number of changed input costs, in multiplications: it waits for memory.
    private const int InputWork = 8;

    /// <summary>Whether these channels are whole vectors.</summary>
    public static bool Fits(long channels, long outChannels) => channels % 16 == 0 && outChannels % Width == 0;

    /// <inheritdoc/>
    public Tensor Weight()
    {
        using var matrix = panels.ToMatrix();

        return matrix.view(panels.Rows, panels.Columns / 9, 3, 3);
    }

    /// <inheritdoc/>
    public void Dispose() => panels.Dispose();

    /// <inheritdoc/>
    public Tensor Run(Tensor input, Tensor bias, Tensor? added)
    {
        using var x = TensorMemory.Pixels(input);
        using var other = TensorMemory.Pixels(added);
        var shape = input.Sizes();
        var grid = new TileGrid(shape, panels.Rows);
        var output = ChannelsLast.Empty(shape[0], panels.Rows, shape[2], shape[3], ScalarType.Float32);
        var images = new Images((float*)x.Address, (float*)Memory.Address(output), (float*)other.Address, (float*)Memory.Address(bias), bias.dim() == 2 ? panels.Rows : 0);
        var size = Math.Min(grid.Tiles, Math.Max(Block, Room / (Points * grid.Channels) / Block * Block));
        var stride = ((nint)size * grid.Channels) + Width;
        using var room = new Scratch((Points * stride) + grid.Channels);
        var changed = (nint)room.Floats;
        var zeros = (float*)changed + (Points * stride);
        new Span<float>(zeros, grid.Channels).Clear();
        for (var first = 0; first < grid.Tiles; first += size)
        {
            var (start, count) = (first, Math.Min(size, grid.Tiles - first));
            TorchThreads.For(count, TorchThreads.Most((long)count * Points * grid.Channels * InputWork), (begin, end) =>
            {
                var pixels = stackalloc float*[Points];
                for (var tile = begin; tile < end; tile++)
                {
                    grid.Pixels(start + tile, images.X, zeros, pixels);
                    WinogradTransforms.Input(pixels, (float*)changed + ((nint)tile * grid.Channels), stride, grid.Channels);
                }
            });
            var blocks = (count + Block - 1) / Block;
            TorchThreads.For(panels.Count * blocks, TorchThreads.Most((long)count * Points * grid.Channels * panels.Rows), (begin, end) =>
            {
                using var scratch = new Scratch(Points * (MostDepth + 1 + Block) * Width);
                for (var item = begin; item < end; item++)
                {
                    var tile = item % blocks * Block;
                    Multiply((float*)changed + ((nint)tile * grid.Channels), stride, item / blocks, Math.Min(Block, count - tile), grid.Channels, scratch.Floats);
                    Finish(scratch.Floats, grid, images, item / blocks, start + tile, Math.Min(Block, count - tile));
                }
            });
        }

        return output;
    }

    // products [16, Block, 32] behind the changed weights [16, depth, 32].
    private static float* Products(float* buffers) => buffers + (Points * (MostDepth + 1) * Width);

    private void Multiply(float* changed, nint stride, int panel, int tiles, int channels, float* weights)
    {
        var parts = (channels + MostDepth - 1) / MostDepth;
        var depth = (channels + parts - 1) / parts;
        nint weightStride = (depth + 1) * Width;
        for (var done = 0; done < channels; done += depth)
        {
            var part = Math.Min(depth, channels - done);
            WinogradTransforms.Weights(panels[panel] + ((nint)done * 9 * Width), weights, weightStride, part);
            for (var point = 0; point < Points; point++)
            {
                PanelProduct.Run(
                    changed + (point * stride) + done,
                    channels,
                    tiles,
                    weights + (point * weightStride),
                    part,
                    start: null,
                    Products(weights) + (point * Block * Width),
                    Width,
                    adds: done > 0);
            }
        }
    }

    private static void Finish(float* buffers, TileGrid grid, Images images, int panel, int first, int tiles)
    {
        var pixels = stackalloc float[4 * Width];
        for (var tile = 0; tile < tiles; tile++)
        {
            var (sample, y, x) = grid.Place(first + tile);
            WinogradTransforms.Output(Products(buffers) + (tile * Width), Block * Width, images.Bias + (sample * images.BiasStride) + (panel * Width), pixels);
            grid.Store(pixels, sample, y, x, images.Output, images.Added, panel * Width);
        }
    }

    private readonly struct Images(float* x, float* output, float* added, float* bias, nint biasStride)
    {
        public float* X { get; } = x;

        public float* Output { get; } = output;

        public float* Added { get; } = added;

        public float* Bias { get; } = bias;

        public nint BiasStride { get; } = biasStride;
    }
}
