using System;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Kernels;

/// <summary>Square two-dimensional convolutions: torch's, and on CPUs where those are wrong a way around it.</summary>
/// <remarks>
/// On a machine seen here (AMD family 26 in a virtual machine that reports neither caches nor cores) oneDNN 3.7.1 leaves the channels unset that it adds
/// to fill its vectors of 16: sums over 17 or 20 channels take in whatever lay in memory, forwards, and all gradients with respect to the input that
/// sum over a broken number. In float32 sums over up to 16 channels forwards, over multiples of 16, and the gradients of weights are right; in bfloat16
/// the channels that come out must be whole vectors too. So the way around fills the channels with zeros itself, and computes the gradient of the input
/// as a convolution forwards.
/// </remarks>
internal static class PlainConvolution
{
    private const long Lanes = 16;

    private static readonly Lazy<bool> Broken = new(() => !SelfTest());

    /// <summary>Whether this CPU's convolutions must be worked around.</summary>
    public static bool IsBroken => Broken.Value;

    /// <summary>The convolution with zeros at the edges.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="weight"><c>[C′, C, K, K]</c>.</param>
    /// <param name="bias"><c>[C′]</c>.</param>
    /// <param name="stride">Pixels from one output to the next.</param>
    /// <param name="padding">Zeros at every edge, less than K.</param>
    /// <returns><c>[N, C′, H′, W′]</c>.</returns>
    public static Tensor Run(Tensor input, Tensor weight, Tensor bias, long stride, long padding)
    {
        var differentiates = input.requires_grad && is_grad_enabled();
        return (differentiates || Missing(input, weight) != (0, 0)) && IsOneDnns(input) && IsBroken
            ? Careful(input, weight, bias, stride, padding, differentiates)
            : F.conv2d(input, weight, bias, strides: [stride, stride], padding: [padding, padding]);
    }

    /// <summary>As <see cref="Run"/>, around oneDNN's faults.</summary>
    internal static Tensor Careful(Tensor input, Tensor weight, Tensor bias, long stride, long padding, bool differentiates)
    {
        using var scope = NewDisposeScope();
        var output = Filled(differentiates ? input.detach() : input, weight, bias, [padding, padding, padding, padding], stride);
        return (differentiates ? PlainConvolutionFunction.apply(input, output, weight.detach(), stride, padding) : output).MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of the input, of its shape, as a convolution forwards: of the output's gradient, apart by the stride, with turned weights.</summary>
    /// <param name="gradient"><c>[N, C′, H′, W′]</c>.</param>
    /// <param name="weight"><c>[C′, C, K, K]</c>.</param>
    /// <param name="shape">N, C, H, W.</param>
    /// <param name="stride">Pixels from one output to the next.</param>
    /// <param name="padding">Zeros at every edge of the input.</param>
    internal static Tensor InputGradient(Tensor gradient, Tensor weight, long[] shape, long stride, long padding)
    {
        using var scope = NewDisposeScope();
        var apart = gradient;
        if (stride > 1)
        {
            long[] size = [.. gradient.Sizes().Take(2), .. gradient.Sizes().Skip(2).Select(length => ((length - 1) * stride) + 1)];
            apart = zeros(size, gradient.dtype, gradient.device);
            apart[.., .., TensorIndex.Slice(step: stride), TensorIndex.Slice(step: stride)] = gradient;
        }

        var kernel = weight.Sizes()[2];
        var before = kernel - 1 - padding;
        long After(int axis) => shape[axis] + kernel - 1 - apart.Sizes()[axis] - before;
        var turned = weight.flip(2, 3).transpose(0, 1).contiguous();

        return Filled(apart, turned, null, [before, After(3), before, After(2)], 1).MoveToOuterDisposeScope();
    }

    // Channels in and out to whole vectors.
    private static (long In, long Out) Missing(Tensor input, Tensor weight)
    {
        var (channels, single) = (input.Sizes()[1], input.dtype == ScalarType.Float32);
        return (single && channels <= Lanes ? 0 : Rest(channels), single ? 0 : Rest(weight.Sizes()[0]));

        static long Rest(long count) => (Lanes - (count % Lanes)) % Lanes;
    }

    private static bool IsOneDnns(Tensor input) => input.device_type == DeviceType.CPU && input.dtype != ScalarType.Float64;

    // Edges: left, right, top, bottom.
    private static Tensor Filled(Tensor input, Tensor weight, Tensor? bias, long[] edges, long stride)
    {
        var missing = Missing(input, weight);
        var (even, outChannels) = (edges.All(edge => edge == edges[0]), weight.Sizes()[0]);
        if (missing.In > 0 || !even)
            input = F.pad(input, even ? [0, 0, 0, 0, 0, missing.In] : [.. edges, 0, missing.In]);
        if (missing != (0, 0))
            weight = F.pad(weight, [0, 0, 0, 0, 0, missing.In, 0, missing.Out]);
        if (missing.Out > 0 && bias is not null)
            bias = F.pad(bias, [0, missing.Out]);
        var padding = even ? edges[0] : 0;
        var output = F.conv2d(input, weight, bias, strides: [stride, stride], padding: [padding, padding]);

        return missing.Out > 0 ? output.narrow(1, 0, outChannels).contiguous() : output;
    }

    // Where memory is dirty from the round before, unset channels show.
    private static bool SelfTest()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var random = new Generator(0);
        for (var round = 0; round < 4; round++)
        {
            using var pass = NewDisposeScope();
            var (wide, wideWeight) = (randn([2, 20, 8, 8], generator: random), randn([16, 20, 3, 3], generator: random));
            var (narrow, narrowWeight) = (randn([2, 4, 8, 8], generator: random), randn([4, 16, 4, 4], generator: random));
            if (!Near(F.conv2d(wide, wideWeight), F.conv2d(wide.to(ScalarType.Float64), wideWeight.to(ScalarType.Float64)))
                || !Near(
                    F.conv_transpose2d(narrow, narrowWeight, strides: [2, 2]),
                    F.conv_transpose2d(narrow.to(ScalarType.Float64), narrowWeight.to(ScalarType.Float64), strides: [2, 2])))
                return false;
        }

        return true;
    }

    private static bool Near(Tensor actual, Tensor exact) => (actual.to(ScalarType.Float64) - exact).abs().max().item<double>() < 1e-3;
}
