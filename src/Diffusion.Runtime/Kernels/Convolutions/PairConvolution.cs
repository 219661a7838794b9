using System;
using Diffusion.Runtime.Kernels.Products;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Convolutions;

/// <summary>
/// Square convolutions of any size and stride in bfloat16 as products over rows of pixels (<see cref="PairProduct"/>): of an image that goes pixel by pixel, a row of the kernel is one
/// run of memory. Sums, biases and what is added are float32, and the result is rounded once.
/// </summary>
internal sealed unsafe class PairConvolution : IConvolutionKernel
{
    private const int Width = MatrixTile.Columns;

    // Pixels that share what the cache holds of a panel.
    private const int Block = 256;

    private readonly KernelRows _weights;
    private readonly Panels _panels;
    private readonly int _channels;
    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _padding;

    /// <param name="weight"><c>[C′, C, K, K]</c>; read, not kept.</param>
    /// <param name="stride">Pixels from one output to the next.</param>
    /// <param name="padding">Zeros at every edge.</param>
    public PairConvolution(Tensor weight, long stride, long padding)
    {
        _weights = new KernelRows(weight);
        (_panels, _channels, _kernel, _stride, _padding) = (_weights.Panels, _weights.Channels, _weights.Size, (int)stride, (int)padding);
    }

    /// <summary>Whether a row of the kernel is whole pairs.</summary>
    public static bool Fits(long channels, long kernel) => channels * kernel % 2 == 0;

    /// <inheritdoc/>
    public Tensor Weight() => _weights.Weight();

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();

    /// <inheritdoc/>
    public Tensor Run(Tensor input, Tensor bias, Tensor? added)
    {
        using var scope = NewDisposeScope();
        var (x, other) = (ChannelsLast.Pixels(input), added is null ? null : ChannelsLast.Pixels(added));
        if (_padding > 0)
            x = Padded(x);
        var (samples, height, width) = ((int)x.shape[0], (int)x.shape[1], (int)x.shape[2]);
        var (rows, columns) = (((height - _kernel) / _stride) + 1, ((width - _kernel) / _stride) + 1);
        var output = empty([samples, rows, columns, _panels.Rows], ScalarType.BFloat16);
        var (from, to, plus, shift) = (Memory.Address(x), Memory.Address(output), other is null ? 0 : Memory.Address(other), Memory.Address(bias));
        nint shiftStride = bias.dim() == 2 ? _panels.Rows : 0;
        var pairs = _kernel * _channels / 2;

        // Lines of the output of which each group passes all panels.
        var lines = samples * rows;
        var share = Math.Clamp(Block / columns, 1, lines);
        var groups = (lines + share - 1) / share;
        TorchThreads.For(groups * _panels.Count, TorchThreads.Most((long)lines * columns * _panels.Rows * _panels.Columns), (begin, end) =>
        {
            using var sums = new Scratch((long)share * columns * Width);
            for (var item = begin; item < end; item++)
            {
                var (group, panel) = Math.DivRem(item, _panels.Count);
                var (first, behind) = (group * share, Math.Min(lines, (group + 1) * share));
                for (var k = 0; k < _kernel; k++)
                {
                    var weights = _panels[panel] + ((nint)k * pairs * Width);
                    for (var line = first; line < behind; line++)
                    {
                        var (sample, y) = Math.DivRem(line, rows);
                        var at = (ushort*)from + (((((nint)sample * height) + (y * _stride) + k) * width) * _channels);
                        PairProduct.Run(at, _stride * _channels, columns, weights, pairs, sums.Floats + ((nint)(line - first) * columns * Width), adds: k > 0);
                    }
                }

                for (var line = first; line < behind; line++)
                {
                    var at = ((nint)line * columns * _panels.Rows) + (panel * Width);
                    PairResult.Store(
                        sums.Floats + ((nint)(line - first) * columns * Width),
                        columns,
                        (ushort*)shift + (line / rows * shiftStride) + (panel * Width),
                        plus == 0 ? null : (ushort*)plus + at,
                        (ushort*)to + at,
                        _panels.Rows,
                        Math.Min(Width, _panels.Rows - (panel * Width)));
                }
            }
        });

        return ChannelsLast.Image(output).MoveToOuterDisposeScope();
    }

    // Pixels with zeros around them.
    private Tensor Padded(Tensor x)
    {
        var (samples, height, width) = ((int)x.shape[0], (int)x.shape[1], (int)x.shape[2]);
        var (side, line) = (width + (2 * _padding), (width + (2 * _padding)) * _channels);
        var padded = empty([samples, height + (2 * _padding), side, _channels], ScalarType.BFloat16);
        var (from, to) = (Memory.Address(x), Memory.Address(padded));
        TorchThreads.For(samples * (height + (2 * _padding)), TorchThreads.Most(8 * padded.numel()), (begin, end) =>
        {
            for (var row = begin; row < end; row++)
            {
                var (sample, y) = Math.DivRem(row, height + (2 * _padding));
                var target = new Span<ushort>((ushort*)to + ((nint)row * line), line);
                y -= _padding;
                if ((uint)y >= (uint)height)
                {
                    target.Clear();
                    continue;
                }

                target[..(_padding * _channels)].Clear();
                new Span<ushort>((ushort*)from + (((nint)sample * height) + y) * width * _channels, width * _channels).CopyTo(target[(_padding * _channels)..]);
                target[^(_padding * _channels)..].Clear();
            }
        });

        return padded;
    }
}
