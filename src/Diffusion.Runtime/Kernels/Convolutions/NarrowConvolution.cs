using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Kernels.Convolutions;

/// <summary>
/// Square convolutions to one to four channels in float32, as networks end in: sums along the channels that come in, where the others would fill panels of 32 with zeros.
/// </summary>
internal sealed unsafe class NarrowConvolution : IConvolutionKernel
{
    private const int Lanes = 16;
    private const int Most = 4;

    private readonly Tensor _weights;
    private readonly int _outChannels;
    private readonly int _channels;
    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _padding;

    /// <param name="weight"><c>[C′, C, K, K]</c>; read, not kept.</param>
    /// <param name="stride">Pixels from one output to the next.</param>
    /// <param name="padding">Zeros at every edge.</param>
    public NarrowConvolution(Tensor weight, long stride, long padding)
    {
        using var scope = NewDisposeScope();
        var shape = weight.Sizes();
        (_outChannels, _channels, _kernel, _stride, _padding) = ((int)shape[0], (int)shape[1], (int)shape[2], (int)stride, (int)padding);

        // [C′ or 4, K, K, C]
        var rows = weight.permute(0, 2, 3, 1);
        _weights = (_outChannels == 1 ? rows : F.pad(rows, [0, 0, 0, 0, 0, 0, 0, Most - _outChannels])).contiguous().clone().DetachFromDisposeScope();
    }

    /// <summary>Whether outputs are few and inputs whole vectors.</summary>
    public static bool Fits(long channels, long outChannels) => channels % Lanes == 0 && outChannels <= Most;

    /// <inheritdoc/>
    public Tensor Weight()
    {
        using var scope = NewDisposeScope();

        return _weights.narrow(0, 0, _outChannels).permute(0, 3, 1, 2).contiguous().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();

    /// <inheritdoc/>
    public Tensor Run(Tensor input, Tensor bias, Tensor? added)
    {
        using var x = TensorMemory.Pixels(input);
        using var other = TensorMemory.Pixels(added);
        var shape = input.Sizes();
        var (samples, height, width) = ((int)shape[0], (int)shape[2], (int)shape[3]);
        var (rows, columns) = (((height + (2 * _padding) - _kernel) / _stride) + 1, ((width + (2 * _padding) - _kernel) / _stride) + 1);
        var output = ChannelsLast.Empty(samples, _outChannels, rows, columns, ScalarType.Float32);
        var (from, to, plus, weights, biases) = (x.Address, Memory.Address(output), other.Address, Memory.Address(_weights), Memory.Address(bias));
        nint biasStride = bias.dim() == 2 ? _outChannels : 0;
        TorchThreads.For(samples * rows, TorchThreads.Most(output.numel() * _kernel * _kernel * _channels), (begin, end) =>
        {
            var sums = stackalloc float[Most];
            for (var line = begin; line < end; line++)
            {
                var (sample, y) = Math.DivRem(line, rows);
                var image = (float*)from + ((nint)sample * height * width * _channels);
                for (var column = 0; column < columns; column++)
                {
                    Sum(image, height, width, (y * _stride) - _padding, (column * _stride) - _padding, (float*)weights, sums);
                    var at = (((nint)line * columns) + column) * _outChannels;
                    for (var channel = 0; channel < _outChannels; channel++)
                        ((float*)to)[at + channel] = sums[channel] + ((float*)biases)[(sample * biasStride) + channel] + (plus == 0 ? 0 : ((float*)plus)[at + channel]);
                }
            }
        });

        return output;
    }

    // What of the window at (top, left) lies in the image, times the weights: of each of its rows one run of memory.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(float* image, int height, int width, int top, int left, float* weights, float* sums)
    {
        var (first, behind) = (Math.Max(0, -left), Math.Min(_kernel, width - left));
        var (run, size) = ((behind - first) * _channels, (nint)_kernel * _kernel * _channels);
        Vector512<float> a = default, b = default, c = default, d = default;
        for (var k = Math.Max(0, -top); k < Math.Min(_kernel, height - top); k++)
        {
            var x = image + (((((nint)top + k) * width) + left + first) * _channels);
            var w = weights + ((((nint)k * _kernel) + first) * _channels);
            if (_outChannels == 1)
            {
                for (var i = 0; i < run; i += Lanes)
                    (a, b) = (b, Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(w + i), a));
                continue;
            }

            for (var i = 0; i < run; i += Lanes)
            {
                var value = Vector512.Load(x + i);
                a = Vector512.FusedMultiplyAdd(value, Vector512.Load(w + i), a);
                b = Vector512.FusedMultiplyAdd(value, Vector512.Load(w + size + i), b);
                c = Vector512.FusedMultiplyAdd(value, Vector512.Load(w + (2 * size) + i), c);
                d = Vector512.FusedMultiplyAdd(value, Vector512.Load(w + (3 * size) + i), d);
            }
        }

        if (_outChannels == 1)
        {
            sums[0] = Vector512.Sum(a + b);
            return;
        }

        (sums[0], sums[1], sums[2], sums[3]) = (Vector512.Sum(a), Vector512.Sum(b), Vector512.Sum(c), Vector512.Sum(d));
    }
}
