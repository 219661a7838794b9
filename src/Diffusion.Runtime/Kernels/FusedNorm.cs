using System;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// silu(group_norm(x)) in one pass over each group: by <see cref="NormSilu"/> for float32 on a CPU with vectors of 16 floats, otherwise by the library's
/// two operations. Both take gradients.
/// </summary>
internal static class FusedNorm
{
    // Below this many elements one thread is done before a second one has started.
    private const long ParallelWork = 1 << 15;

    // A row shorter than a vector cannot end in a vector that overlaps the one before.
    private const int FewestPixels = 16;

    private static readonly Lazy<bool> Works = new(SelfTest);

    /// <summary>The activated norm.</summary>
    /// <param name="x"><c>[N, C, …]</c>.</param>
    /// <param name="groups">Number of groups; divides C.</param>
    /// <param name="weight">The scale, <c>[C]</c>.</param>
    /// <param name="bias">The shift, <c>[C]</c>.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <returns>A new tensor of the shape of <paramref name="x"/>.</returns>
    public static Tensor Activate(Tensor x, long groups, Tensor weight, Tensor bias, double epsilon) =>
        Fits(x, weight, bias) && Works.Value ? Vectors(x, groups, weight, bias, epsilon) : Library(x, groups, weight, bias, epsilon);

    /// <summary>By the library.</summary>
    internal static Tensor Library(Tensor x, long groups, Tensor weight, Tensor bias, double epsilon)
    {
        var normed = F.group_norm(x, groups, weight, bias, epsilon);
        if (!is_grad_enabled())
            return F.silu(normed, inplace: true);

        using (normed)
            return F.silu(normed);
    }

    /// <summary>By vectors: float32 on the CPU, contiguous, at least 16 pixels.</summary>
    internal static Tensor Vectors(Tensor x, long groups, Tensor weight, Tensor bias, double epsilon)
    {
        if (is_grad_enabled() && (x.requires_grad || weight.requires_grad || bias.requires_grad))
            return FusedNormFunction.apply(x, weight, bias, groups, epsilon);

        var output = empty_like(x);
        Forward(x, weight, bias, output, moments: null, groups, epsilon);

        return output;
    }

    internal static unsafe void Forward(Tensor x, Tensor weight, Tensor bias, Tensor output, Tensor? moments, long groups, double epsilon)
    {
        var shape = new NormShape(x, groups);
        var (from, to, scale, shift, stored) = (Memory.Of(x), Memory.Of(output), Memory.Of(weight), Memory.Of(bias), moments is null ? 0 : Memory.Of(moments));
        Each(shape, group =>
        {
            var (offset, channel) = (shape.Offset(group), shape.Channel(group));
            var moment = NormSilu.Forward((float*)from + offset, (float*)scale + channel, (float*)shift + channel, (float*)to + offset, shape.Channels, shape.Pixels, (float)epsilon);
            if (stored != 0)
                (((float*)stored)[2 * group], ((float*)stored)[(2 * group) + 1]) = moment;
        });
    }

    // saved: x, weight, bias, moments; gradients: of x [N, C, …], of weight and bias for each sample [N, C].
    internal static unsafe void Backward(Tensor[] saved, Tensor gradient, Tensor[] gradients, long groups)
    {
        var shape = new NormShape(saved[0], groups);
        var (x, scale, shift, moments, g) = (Memory.Of(saved[0]), Memory.Of(saved[1]), Memory.Of(saved[2]), Memory.Of(saved[3]), Memory.Of(gradient));
        var (dx, dScale, dShift) = (Memory.Of(gradients[0]), Memory.Of(gradients[1]), Memory.Of(gradients[2]));
        Each(shape, group =>
        {
            var (offset, channel, row) = (shape.Offset(group), shape.Channel(group), (nint)group * shape.Channels);
            var pointers = new NormGradients
            {
                X = (float*)x + offset,
                Scale = (float*)scale + channel,
                Shift = (float*)shift + channel,
                OutputGradient = (float*)g + offset,
                InputGradient = (float*)dx + offset,
                ScaleGradient = (float*)dScale + row,
                ShiftGradient = (float*)dShift + row,
                Mean = ((float*)moments)[2 * group],
                InverseDeviation = ((float*)moments)[(2 * group) + 1],
            };
            NormSilu.Backward(in pointers, shape.Channels, shape.Pixels);
        });
    }

    private static bool Fits(Tensor x, Tensor weight, Tensor bias) =>
        Vector512.IsHardwareAccelerated
        && Memory.IsPlainFloat(x) && Memory.IsPlainFloat(weight) && Memory.IsPlainFloat(bias)
        && x.dim() > 2 && x.numel() / (x.Sizes()[0] * x.Sizes()[1]) >= FewestPixels;

    private static void Each(NormShape shape, Action<int> work) => TorchThreads.For(shape.Groups, shape.Work < ParallelWork ? 1 : int.MaxValue, (begin, end) =>
    {
        for (var group = begin; group < end; group++)
            work(group);
    });

    // On a machine where the vectors do not give what the library gives, they are not used.
    private static bool SelfTest()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        var (x, weight, bias) = (randn([2, 4, 21], generator: generator), randn([4], generator: generator), randn([4], generator: generator));

        return Vectors(x, 2, weight, bias, 1e-5).allclose(Library(x, 2, weight, bias, 1e-5), rtol: 1e-5, atol: 1e-5);
    }
}
