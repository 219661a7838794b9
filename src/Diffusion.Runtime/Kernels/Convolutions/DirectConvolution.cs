using System;
using System.Linq;
using Diffusion.Runtime.Kernels.Products;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Convolutions;

/// <summary>Square convolutions of any size and stride in float32 as products over rows of pixels: of an image that goes pixel by pixel, a row of the kernel is one run of memory.</summary>
internal sealed unsafe class DirectConvolution : IConvolutionKernel
{
    private const int Width = MatrixTile.Columns;

    private readonly KernelRows _weights;
    private readonly Panels _panels;
    private readonly int _channels;
    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _padding;

    /// <param name="weight"><c>[C′, C, K, K]</c>; read, not kept.</param>
    /// <param name="stride">Pixels from one output to the next.</param>
    /// <param name="padding">Zeros at every edge.</param>
    public DirectConvolution(Tensor weight, long stride, long padding)
    {
        _weights = new KernelRows(weight);
        (_panels, _channels, _kernel, _stride, _padding) = (_weights.Panels, _weights.Channels, _weights.Size, (int)stride, (int)padding);
    }

    /// <inheritdoc/>
    public Tensor Weight() => _weights.Weight();

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();

    /// <inheritdoc/>
    public Tensor Run(Tensor input, Tensor bias, Tensor? added)
    {
        using var scope = NewDisposeScope();
        var x = ChannelsLast.Padded(ChannelsLast.Pixels(input), _padding);
        var shape = x.Sizes();
        var (samples, height, width) = ((int)shape[0], (int)shape[1], (int)shape[2]);
        var (rows, columns) = (((height - _kernel) / _stride) + 1, ((width - _kernel) / _stride) + 1);
        var output = empty([samples, rows, columns, _panels.Rows]);
        var shift = zeros(bias.dim() == 2 ? samples : 1, _panels.Count * Width);
        shift.narrow(1, 0, _panels.Rows).copy_(bias);
        var (from, to, biases) = (Memory.Address(x), Memory.Address(output), Memory.Address(shift));
        var biasStride = bias.dim() == 2 ? _panels.Count * Width : 0;

        // A line of the output and a panel at a time.
        TorchThreads.For(samples * rows * _panels.Count, TorchThreads.Most((long)samples * rows * columns * _panels.Rows * _panels.Columns), (begin, end) =>
        {
            var line = stackalloc float[PanelProduct.MostRows * Width];
            for (var item = begin; item < end; item++)
            {
                var (place, panel) = Math.DivRem(item, _panels.Count);
                var (sample, y) = Math.DivRem(place, rows);
                for (var first = 0; first < columns; first += PanelProduct.MostRows)
                {
                    var count = Math.Min(PanelProduct.MostRows, columns - first);
                    for (var k = 0; k < _kernel; k++)
                    {
                        PanelProduct.Run(
                            (float*)from + (((((nint)sample * height) + (y * _stride) + k) * width) + (first * _stride)) * _channels,
                            _stride * _channels,
                            count,
                            _panels[panel] + ((nint)k * _kernel * _channels * Width),
                            _kernel * _channels,
                            (float*)biases + (sample * biasStride) + (panel * Width),
                            line,
                            Width,
                            adds: k > 0);
                    }

                    Copy(line, (float*)to + ((((nint)place * columns) + first) * _panels.Rows) + (panel * Width), count, Math.Min(Width, _panels.Rows - (panel * Width)));
                }
            }
        });

        if (added is not null)
            Arithmetic.AddInto(output, ChannelsLast.Pixels(added));

        return ChannelsLast.Image(output).MoveToOuterDisposeScope();
    }

    private void Copy(float* line, float* to, int count, int width)
    {
        for (var column = 0; column < count; column++, line += Width, to += _panels.Rows)
            new Span<float>(line, width).CopyTo(new Span<float>(to, width));
    }
}
