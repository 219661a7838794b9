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

    // Shorter lines are too few rows for a product: their windows are copied, and all lines are one matrix.
    private const int ShortestLine = 8;

    private readonly KernelRows _weights;
    private readonly Panels _panels;
    private readonly PairLinear _linear;
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
        _linear = new PairLinear(_panels);
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
        var (x, other) = (ChannelsLast.Padded(ChannelsLast.Pixels(input), _padding), added is null ? null : ChannelsLast.Pixels(added));
        var shape = x.Sizes();
        var (samples, height, width) = ((int)shape[0], (int)shape[1], (int)shape[2]);
        var (rows, columns) = (((height - _kernel) / _stride) + 1, ((width - _kernel) / _stride) + 1);
        if (columns < ShortestLine)
            return ChannelsLast.Image(_linear.Run(Windows(x, rows, columns), bias, other)).MoveToOuterDisposeScope();

        var output = empty([samples, rows, columns, _panels.Rows], ScalarType.BFloat16);
        var (from, to, plus, shift) = (Memory.Address(x), Memory.Address(output), other is null ? 0 : Memory.Address(other), Memory.Address(bias));
        nint shiftStride = bias.dim() == 2 ? _panels.Rows : 0;
        var pairs = _kernel * _channels / 2;
        var pass = PairProduct.PairsAtATime(pairs);

        // Groups of lines of the output. What is larger goes through memory once: the weights, or the image.
        var lines = samples * rows;
        var share = Math.Clamp(Block / columns, 1, lines);
        var groups = (lines + share - 1) / share;
        var byPanels = _panels.Bytes > x.numel() * sizeof(ushort);
        TorchThreads.For(groups * _panels.Count, TorchThreads.Most((long)lines * columns * _panels.Rows * _panels.Columns), (begin, end) =>
        {
            using var sums = new Scratch((long)share * columns * Width);
            for (var item = begin; item < end; item++)
            {
                var (group, panel) = byPanels ? (item % groups, item / groups) : (item / _panels.Count, item % _panels.Count);
                var (first, behind) = (group * share, Math.Min(lines, (group + 1) * share));
                for (var (k, done) = (0, 0); k < _kernel; (k, done) = done + pass < pairs ? (k, done + pass) : (k + 1, 0))
                {
                    var weights = _panels[panel] + ((((nint)k * pairs) + done) * Width);
                    for (var line = first; line < behind; line++)
                    {
                        var (sample, y) = Math.DivRem(line, rows);
                        var at = (ushort*)from + (((((nint)sample * height) + (y * _stride) + k) * width) * _channels) + (2 * done);
                        PairProduct.Run(at, _stride * _channels, columns, weights, Math.Min(pass, pairs - done), sums.Floats + ((nint)(line - first) * columns * Width), adds: k + done > 0);
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

    // What every pixel of the output sees, [N, H′, W′, K · K · C].
    private Tensor Windows(Tensor x, int rows, int columns)
    {
        var shape = x.Sizes();
        var (samples, height, width) = ((int)shape[0], (int)shape[1], (int)shape[2]);
        var run = _kernel * _channels;
        var windows = empty([samples, rows, columns, _kernel * run], ScalarType.BFloat16);
        var (from, to) = (Memory.Address(x), Memory.Address(windows));
        TorchThreads.For(samples * rows, TorchThreads.Most(8 * windows.numel()), (begin, end) =>
        {
            var target = (ushort*)to + ((nint)begin * columns * _kernel * run);
            for (var line = begin; line < end; line++)
            {
                var (sample, y) = Math.DivRem(line, rows);
                for (var column = 0; column < columns; column++)
                {
                    for (var k = 0; k < _kernel; k++, target += run)
                    {
                        var at = ((((nint)sample * height) + (y * _stride) + k) * width) + (column * _stride);
                        new Span<ushort>((ushort*)from + (at * _channels), run).CopyTo(new Span<ushort>(target, run));
                    }
                }
            }
        });

        return windows;
    }
}
