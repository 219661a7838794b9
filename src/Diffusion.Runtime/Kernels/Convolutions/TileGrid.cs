using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diffusion.Runtime.Kernels.Convolutions;

/// <summary>Where the 2 by 2 pixels of tiles lie in images that go pixel by pixel.</summary>
/// <param name="shape">N, C, H, W.</param>
/// <param name="outChannels">C′.</param>
internal sealed unsafe class TileGrid(long[] shape, int outChannels)
{
    private readonly int _height = (int)shape[2];
    private readonly int _width = (int)shape[3];
    private readonly int _down = (int)((shape[2] + 1) / 2);
    private readonly int _across = (int)((shape[3] + 1) / 2);

    /// <summary>C.</summary>
    public int Channels { get; } = (int)shape[1];

    /// <summary>The number of tiles of all images.</summary>
    public int Tiles => (int)shape[0] * _down * _across;

    /// <summary>The image of a tile, and its upper left pixel.</summary>
    public (int Sample, int Y, int X) Place(int tile)
    {
        var (row, column) = Math.DivRem(tile, _across);
        var (sample, down) = Math.DivRem(row, _down);

        return (sample, 2 * down, 2 * column);
    }

    /// <summary>The 4 by 4 pixels that a tile's results depend on.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="x">The images, <c>[N, H, W, C]</c>.</param>
    /// <param name="zeros">What lies beyond the edges: C zeros.</param>
    /// <param name="pixels">Receives 16 addresses.</param>
    public void Pixels(int tile, float* x, float* zeros, float** pixels)
    {
        var (sample, top, left) = Place(tile);
        for (var i = 0; i < 4; i++)
        {
            var y = top + i - 1;
            var row = x + (((nint)sample * _height) + y) * _width * Channels;
            for (var j = 0; j < 4; j++)
            {
                var at = left + j - 1;
                pixels[(4 * i) + j] = (uint)y < (uint)_height && (uint)at < (uint)_width ? row + ((nint)at * Channels) : zeros;
            }
        }
    }

    /// <summary>Writes those of a tile's four pixels that lie in the image.</summary>
    /// <param name="pixels">4 of 32 floats.</param>
    /// <param name="sample">The image.</param>
    /// <param name="top">The upper row.</param>
    /// <param name="left">The left column.</param>
    /// <param name="output"><c>[N, H, W, C′]</c>.</param>
    /// <param name="added">What is added, of the same shape, or null.</param>
    /// <param name="channel">The first of the 32 channels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Store(float* pixels, int sample, int top, int left, float* output, float* added, int channel)
    {
        for (var i = 0; i < 2 && top + i < _height; i++)
        {
            for (var j = 0; j < 2 && left + j < _width; j++)
            {
                var at = (((((nint)sample * _height) + top + i) * _width) + left + j) * outChannels + channel;
                var from = pixels + (((2 * i) + j) * 32);
                var (one, other) = (Vector512.Load(from), Vector512.Load(from + 16));
                if (added is not null)
                    (one, other) = (one + Vector512.Load(added + at), other + Vector512.Load(added + at + 16));
                one.Store(output + at);
                other.Store(output + at + 16);
            }
        }
    }
}
