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

    // Bytes of an image that the second level of the cache holds from one pass to the next.
    private const long Cached = 1 << 20;

    // Working memory of a channel: two sums in double; factor and shift.
    private const int FloatsPerChannel = 6;

    /// <summary>Whether an image is of this kind.</summary>
    /// <param name="x"><c>[N, C, H, W]</c>.</param>
    public static bool Fits(Tensor x) => Vector512.IsHardwareAccelerated
        && x.dim() == 4 && x.device_type == TorchSharp.DeviceType.CPU && x.dtype is ScalarType.Float32 or ScalarType.BFloat16 && x.Sizes()[1] % Lanes == 0 && !is_grad_enabled() && ChannelsLast.Is(x);

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
        var shape = x.Sizes();
        var output = ChannelsLast.Empty(shape[0], shape[1], shape[2], shape[3], x.dtype);
        RunInto(output, x, groups, weight, bias, epsilon, activates);

        return output;
    }

    /// <summary>The norm, into a tensor of the same shape, type and order: another one, or the image itself.</summary>
    /// <param name="output">Receives it, <c>[N, C, H, W]</c>, channels last.</param>
    /// <param name="x"><c>[N, C, H, W]</c>, channels last.</param>
    /// <param name="groups">Number of groups; divides C.</param>
    /// <param name="weight">The scale, <c>[C]</c>.</param>
    /// <param name="bias">The shift, <c>[C]</c>.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="activates">Whether y becomes y σ(y).</param>
    public static void RunInto(Tensor output, Tensor x, long groups, Tensor weight, Tensor bias, double epsilon, bool activates)
    {
        using var pixels = TensorMemory.Pixels(x);
        var shape = x.Sizes();
        var (samples, count, channels, isHalf) = ((int)shape[0], (int)(shape[2] * shape[3]), (int)shape[1], x.dtype == ScalarType.BFloat16);
        var image = new Images(pixels.Address, Memory.Address(output), count, channels, isHalf);
        var affine = new Affine(Memory.Address(weight), Memory.Address(bias), weight.dtype == ScalarType.BFloat16, channels / (int)groups, epsilon);

        var most = Math.Min(get_num_threads(), TorchThreads.Most(32 * x.numel()));
        var parts = (most + samples - 1) / samples;
        if ((long)count * image.Stride <= Cached)
            ByChannels(image, affine, samples, Math.Min(parts, channels / affine.Unit), most, activates);
        else
            ByPixels(image, affine, samples, parts, most, activates);
    }

    // Small images: whole vectors and whole groups, all pixels of them, so that a thread has what it needs.
    private static void ByChannels(Images image, Affine affine, int samples, int parts, int most, bool activates) => TorchThreads.For(samples * parts, most, (begin, end) =>
    {
        for (var item = begin; item < end; item++)
        {
            var (sample, part) = Math.DivRem(item, parts);
            var units = image.Channels / affine.Unit;
            var first = units * part / parts * affine.Unit;
            var channels = (units * (part + 1) / parts * affine.Unit) - first;
            using var scratch = new Scratch(FloatsPerChannel * channels);
            var (sums, line) = Divide(scratch.Floats, channels);
            AddSums(image, sample, 0, image.Pixels, first, channels, sums);
            Factors(image, affine, sample, first, channels, sums, line);
            Apply(image, sample, 0, image.Pixels, first, channels, line, activates);
        }
    });

    // Large ones: each thread has whole lines of memory, once for the sums and once for the result.
    private static void ByPixels(Images image, Affine affine, int samples, int parts, int most, bool activates)
    {
        using var scratch = new Scratch((long)samples * parts * FloatsPerChannel * image.Channels);
        var memory = (nint)scratch.Floats;
        TorchThreads.For(samples * parts, most, (begin, end) =>
        {
            for (var item = begin; item < end; item++)
                AddSums(image, item / parts, First(item % parts), First((item % parts) + 1), 0, image.Channels, At(item).Sums);
        });
        for (var sample = 0; sample < samples; sample++)
        {
            var (sums, line) = At(sample * parts);
            for (var part = 1; part < parts; part++)
            {
                var others = At((sample * parts) + part).Sums;
                for (var i = 0; i < 2 * image.Channels; i++)
                    ((double*)sums)[i] += ((double*)others)[i];
            }

            Factors(image, affine, sample, 0, image.Channels, sums, line);
        }

        TorchThreads.For(samples * parts, most, (begin, end) =>
        {
            for (var item = begin; item < end; item++)
                Apply(image, item / parts, First(item % parts), First((item % parts) + 1), 0, image.Channels, At(item / parts * parts).Line, activates);
        });

        int First(int part) => (int)((long)image.Pixels * part / parts);
        (nint Sums, nint Line) At(int item) => Divide((float*)memory + ((nint)item * FloatsPerChannel * image.Channels), image.Channels);
    }

    // Sums in double, then factors and shifts.
    private static (nint Sums, nint Line) Divide(float* memory, int channels) => ((nint)memory, (nint)(memory + (4 * channels)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(nint from, bool isHalf) => isHalf ? BFloat16s.Load((ushort*)from) : Vector512.Load((float*)from);

    // Σ (x − centre) and Σ (x − centre)² of each channel, where the centre is the image's first pixel: so the squares lose nothing where a channel is far from 0.
    private static void AddSums(in Images image, int sample, int pixel, int end, int first, int channels, nint sums)
    {
        new Span<double>((double*)sums, 2 * channels).Clear();
        var centre = image.From + image.At(sample, pixel: 0, first);
        for (; pixel < end; pixel += Block)
            AddSums(image.From + image.At(sample, pixel, first), centre, Math.Min(Block, end - pixel), image.Stride, channels, image.IsHalf, (double*)sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSums(nint from, nint centre, int pixels, nint stride, int channels, bool isHalf, double* sums)
    {
        var size = isHalf ? sizeof(ushort) : sizeof(float);
        for (var channel = 0; channel < channels; channel += 2 * Lanes)
        {
            // Two vectors, which are a line of the cache or two; the last one of an odd number twice.
            var other = channel + Lanes < channels ? Lanes : 0;
            var at = from + (channel * size);
            var (shift0, shift1) = (Load(centre + (channel * size), isHalf), Load(centre + ((channel + other) * size), isHalf));
            Vector512<float> sum0 = default, sum1 = default, square0 = default, square1 = default;
            for (var pixel = 0; pixel < pixels; pixel++, at += stride)
            {
                var (x0, x1) = (Load(at, isHalf) - shift0, Load(at + (other * size), isHalf) - shift1);
                (sum0, sum1) = (sum0 + x0, sum1 + x1);
                square0 = Vector512.FusedMultiplyAdd(x0, x0, square0);
                square1 = Vector512.FusedMultiplyAdd(x1, x1, square1);
            }

            Add(sum0, sums + channel);
            Add(square0, sums + channels + channel);
            if (other == 0)
                continue;

            Add(sum1, sums + channel + Lanes);
            Add(square1, sums + channels + channel + Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector512<float> values, double* sums)
    {
        var (low, high) = Vector512.Widen(values);
        (Vector512.Load(sums) + low).Store(sums);
        (Vector512.Load(sums + (Lanes / 2)) + high).Store(sums + (Lanes / 2));
    }

    // Of sums the factor and the shift of each channel; first the line holds the centres.
    private static void Factors(in Images image, in Affine affine, int sample, int first, int channels, nint sums, nint line)
    {
        var centre = image.From + image.At(sample, pixel: 0, first);
        for (var channel = 0; channel < channels; channel += Lanes)
            Load(centre + (channel * image.Size), image.IsHalf).Store((float*)line + channel);
        Factors((double*)sums, affine, image.Pixels, first, channels, (float*)line);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Factors(double* sums, in Affine affine, int pixels, int first, int channels, float* line)
    {
        var (width, inversePixels, inverseWidth) = (affine.Width, 1.0 / pixels, 1.0 / affine.Width);
        for (var channel = 0; channel < channels; channel += width)
        {
            double mean = 0, squares = 0;
            for (var i = channel; i < channel + width; i++)
            {
                var offset = sums[i] * inversePixels;
                squares += sums[channels + i] - (sums[i] * offset);
                sums[i] = line[i] + offset;
                mean += sums[i] * inverseWidth;
            }

            for (var i = channel; i < channel + width; i++)
                squares += pixels * (sums[i] - mean) * (sums[i] - mean);
            var inverse = 1 / Math.Sqrt((Math.Max(squares, 0) * inversePixels * inverseWidth) + affine.Epsilon);
            for (var i = channel; i < channel + width; i++)
            {
                var factor = affine.Scale(first + i) * inverse;
                line[i] = (float)factor;
                line[channels + i] = (float)(affine.Shift(first + i) - (factor * mean));
            }
        }
    }

    private static void Apply(in Images image, int sample, int pixel, int end, int first, int channels, nint line, bool activates)
    {
        var start = image.At(sample, pixel, first);
        Apply(image.From + start, image.To + start, end - pixel, image.Stride, channels, image.IsHalf, (float*)line, activates);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply(nint from, nint to, int pixels, nint stride, int channels, bool isHalf, float* line, bool activates)
    {
        var step = Lanes * (isHalf ? sizeof(ushort) : sizeof(float));
        for (var pixel = 0; pixel < pixels; pixel++, from += stride, to += stride)
        {
            nint at = 0;
            for (var channel = 0; channel < channels; channel += Lanes, at += step)
            {
                var y = Vector512.FusedMultiplyAdd(Vector512.Load(line + channel), Load(from + at, isHalf), Vector512.Load(line + channels + channel));
                if (activates)
                    y *= VectorMath.Sigmoid(y);
                if (isHalf)
                    BFloat16s.Store(y, (ushort*)(to + at));
                else
                    y.Store((float*)(to + at));
            }
        }
    }

    // [N, H · W, C] and where the result goes; positions are in bytes.
    private readonly struct Images(nint from, nint to, int pixels, int channels, bool isHalf)
    {
        public int Channels { get; } = channels;

        public nint From { get; } = from;

        public nint To { get; } = to;

        public int Pixels { get; } = pixels;

        public bool IsHalf { get; } = isHalf;

        public int Size { get; } = isHalf ? sizeof(ushort) : sizeof(float);

        // From one pixel to the next.
        public nint Stride => (nint)Channels * Size;

        public nint At(int sample, int pixel, int channel) => (((((nint)sample * Pixels) + pixel) * Channels) + channel) * Size;
    }

    // Scale and shift of each channel; the width of a group.
    private readonly struct Affine(nint scale, nint shift, bool isHalf, int width, double epsilon)
    {
        public int Width { get; } = width;

        // Channels that are whole groups and whole vectors.
        public int Unit { get; } = WholeGroups(width);

        public double Epsilon { get; } = epsilon;

        public float Scale(int channel) => Number(scale, channel);

        public float Shift(int channel) => Number(shift, channel);

        private static int WholeGroups(int width)
        {
            var unit = Lanes;
            while (unit % width != 0)
                unit += Lanes;

            return unit;
        }

        private float Number(nint at, int channel) => isHalf ? BFloat16s.Widen(((ushort*)at)[channel]) : ((float*)at)[channel];
    }
}
