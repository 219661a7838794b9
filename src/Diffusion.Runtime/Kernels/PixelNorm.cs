using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Diffusion.Runtime.Kernels.Convolutions;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// Group norm, with or without SiLU behind it, of images that go pixel by pixel, float32 or bfloat16, without gradients: sums of all channels in one pass, then every pixel times one
/// factor and plus one shift for each channel (Wu and He 2018, arXiv:1803.08494).
/// </summary>
internal static unsafe class PixelNorm
{
    private const int Lanes = 16;

    // Partial sums of so many pixels are added in double: long images lose nothing.
    private const int Block = 256;

    /// <summary>Whether an image is of this kind.</summary>
    /// <param name="x"><c>[N, C, H, W]</c>.</param>
    public static bool Fits(Tensor x) => Vector512.IsHardwareAccelerated
        && x.dim() == 4 && x.device_type == TorchSharp.DeviceType.CPU && x.dtype is ScalarType.Float32 or ScalarType.BFloat16 && x.shape[1] % Lanes == 0 && !is_grad_enabled() && ChannelsLast.Is(x);

    /// <summary>The norm.</summary>
    /// <param name="x"><c>[N, C, H, W]</c>, channels last.</param>
    /// <param name="groups">Number of groups; divides C.</param>
    /// <param name="weight">The scale, <c>[C]</c>.</param>
    /// <param name="bias">The shift, <c>[C]</c>.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="activates">Whether y becomes y σ(y).</param>
    /// <returns>A new tensor of the same shape and order.</returns>
    public static Tensor Run(Tensor x, long groups, Tensor weight, Tensor bias, double epsilon, bool activates)
    {
        using var scope = NewDisposeScope();
        var pixels = ChannelsLast.Pixels(x);
        var (samples, count, channels, isHalf) = ((int)x.shape[0], (int)(x.shape[2] * x.shape[3]), (int)x.shape[1], x.dtype == ScalarType.BFloat16);
        var output = empty_like(pixels);
        var (scales, shifts) = (weight.to(ScalarType.Float32).contiguous(), bias.to(ScalarType.Float32).contiguous());
        var blocks = (count + Block - 1) / Block;
        var sums = new double[samples * blocks][];
        var (from, to, scale, shift) = (Memory.Address(pixels), Memory.Address(output), Memory.Address(scales), Memory.Address(shifts));
        var size = isHalf ? sizeof(ushort) : sizeof(float);
        var most = TorchThreads.Most(32 * x.numel());
        nint At(int block) => ((((nint)(block / blocks) * count) + (block % blocks * Block)) * channels) * size;
        int Length(int block) => Math.Min(Block, count - (block % blocks * Block));
        TorchThreads.For(samples * blocks, most, (begin, end) =>
        {
            for (var block = begin; block < end; block++)
                sums[block] = Sums(from + At(block), from + At(block / blocks * blocks), Length(block), channels, isHalf);
        });

        // Scale and shift of every channel of every sample.
        var factors = empty(samples, 2, channels);
        var lines = (float*)Memory.Address(factors);
        for (var sample = 0; sample < samples; sample++)
        {
            var line = lines + (sample * 2 * channels);
            var first = from + At(sample * blocks);
            for (var channel = 0; channel < channels; channel += Lanes)
                Load(first + (channel * size), isHalf).Store(line + channel);
            Factors(sums.AsSpan(sample * blocks, blocks), channels, (int)groups, count, epsilon, (float*)scale, (float*)shift, line);
        }

        TorchThreads.For(samples * blocks, most, (begin, end) =>
        {
            for (var block = begin; block < end; block++)
                Apply(from + At(block), to + At(block), Length(block), channels, isHalf, lines + (block / blocks * 2 * channels), activates);
        });

        return ChannelsLast.Image(output).MoveToOuterDisposeScope();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(nint from, bool isHalf) => isHalf ? BFloat16s.Load((ushort*)from) : Vector512.Load((float*)from);

    // Σ (x − centre) and Σ (x − centre)² of each channel, where the centre is the image's first pixel: so the squares lose nothing where a channel is far from 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[] Sums(nint from, nint centre, int pixels, int channels, bool isHalf)
    {
        var sums = new double[2 * channels];
        var size = isHalf ? sizeof(ushort) : sizeof(float);
        var lanes = stackalloc float[4 * Lanes];
        for (var channel = 0; channel < channels; channel += 2 * Lanes)
        {
            // Two vectors, which are a line of the cache or two; the last one of an odd number twice.
            nint other = channel + Lanes < channels ? Lanes * size : 0;
            var at = from + (channel * size);
            var (shift0, shift1) = (Load(centre + (channel * size), isHalf), Load(centre + (channel * size) + other, isHalf));
            Vector512<float> sum0 = default, sum1 = default, square0 = default, square1 = default;
            for (var pixel = 0; pixel < pixels; pixel++, at += channels * size)
            {
                var (x0, x1) = (Load(at, isHalf) - shift0, Load(at + other, isHalf) - shift1);
                (sum0, sum1) = (sum0 + x0, sum1 + x1);
                square0 = Vector512.FusedMultiplyAdd(x0, x0, square0);
                square1 = Vector512.FusedMultiplyAdd(x1, x1, square1);
            }

            sum0.Store(lanes);
            sum1.Store(lanes + Lanes);
            square0.Store(lanes + (2 * Lanes));
            square1.Store(lanes + (3 * Lanes));
            for (var lane = 0; lane < (other == 0 ? Lanes : 2 * Lanes); lane++)
                (sums[channel + lane], sums[channels + channel + lane]) = (lanes[lane], lanes[(2 * Lanes) + lane]);
        }

        return sums;
    }

    // line: first the centres of the channels; then their factors and shifts.
    private static void Factors(ReadOnlySpan<double[]> blocks, int channels, int groups, int pixels, double epsilon, float* scale, float* shift, float* line)
    {
        var width = channels / groups;
        var means = stackalloc double[width];
        for (var group = 0; group < groups; group++)
        {
            double mean = 0, squares = 0;
            for (var i = 0; i < width; i++)
            {
                double sum = 0, square = 0;
                var channel = (group * width) + i;
                foreach (var block in blocks)
                {
                    sum += block[channel];
                    square += block[channels + channel];
                }

                means[i] = line[channel] + (sum / pixels);
                mean += means[i] / width;
                squares += square - (sum * sum / pixels);
            }

            for (var i = 0; i < width; i++)
                squares += pixels * (means[i] - mean) * (means[i] - mean);
            var inverse = 1 / Math.Sqrt((Math.Max(squares, 0) / ((double)pixels * width)) + epsilon);
            for (var channel = group * width; channel < (group + 1) * width; channel++)
            {
                line[channel] = (float)(scale[channel] * inverse);
                line[channels + channel] = (float)(shift[channel] - (scale[channel] * inverse * mean));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply(nint from, nint to, int pixels, int channels, bool isHalf, float* line, bool activates)
    {
        var step = Lanes * (isHalf ? sizeof(ushort) : sizeof(float));
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            for (var channel = 0; channel < channels; channel += Lanes, from += step, to += step)
            {
                var y = Vector512.FusedMultiplyAdd(Vector512.Load(line + channel), Load(from, isHalf), Vector512.Load(line + channels + channel));
                if (activates)
                    y *= VectorMath.Sigmoid(y);
                if (isHalf)
                    BFloat16s.Store(y, (ushort*)to);
                else
                    y.Store((float*)to);
            }
        }
    }
}
