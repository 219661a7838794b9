using System;
using System.Runtime.Intrinsics;
using Diffusion.Runtime.Kernels.Convolutions;
using Diffusion.Runtime.Kernels.Products;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// Which operations a machine runs without gradients: those of this library where the processor has vectors of 16 floats, and for bfloat16 of 16 pairs; otherwise oneDNN's with packed
/// weights, otherwise torch's own. Each is tried against torch's first, on a small input; where it fails or differs the next one is taken.
/// </summary>
internal static class InferenceKernels
{
    // What oneDNN's vectors hold; on some machines its other sizes are wrong (see PlainConvolution).
    private const long Lanes = 16;

    private static readonly Lazy<bool> Vectors = new(() => Vector512.IsHardwareAccelerated && Passes(ScalarType.Float32, 1e-5, weight => new VectorLinear(Panels.Of(weight)), weight => new WinogradConvolution(Panels.Of(weight.view(weight.Sizes()[0], -1)))));

    private static readonly Lazy<bool> Single = new(() => Passes(ScalarType.Float32, 1e-5, weight => new OneDnnLinear(weight), weight => new OneDnnConvolution(weight, 1, 1)));

    private static readonly Lazy<bool> Pairs = new(() => PairProduct.IsSupported && Passes(ScalarType.BFloat16, 0.05, weight => new PairLinear(Panels.Of(weight)), weight => new PairConvolution(weight, 1, 1)));

    private static readonly Lazy<bool> Half = new(() => Passes(ScalarType.BFloat16, 0.1, weight => new OneDnnLinear(weight), weight => new OneDnnConvolution(weight, 1, 1)));

    /// <summary>A kernel of a linear map; null: torch's operation is the best there is.</summary>
    /// <param name="weight">W, <c>[out, in]</c>; read, not kept.</param>
    public static ILinearKernel? Linear(Tensor weight)
    {
        if (weight.device_type != DeviceType.CPU || weight.numel() == 0)
            return null;

        return weight.dtype switch
        {
            ScalarType.Float32 when Vectors.Value => new VectorLinear(Panels.Of(weight)),
            ScalarType.Float32 when Single.Value => new OneDnnLinear(weight),
            ScalarType.BFloat16 when PairLinear.Fits(weight.Sizes()[1]) && Pairs.Value => new PairLinear(Panels.Of(weight)),
            ScalarType.BFloat16 when Half.Value => new OneDnnLinear(weight),
            _ => null,
        };
    }

    /// <summary>A kernel of a convolution; null: torch's operation is the best there is.</summary>
    /// <param name="weight"><c>[C′, C, K, K]</c>; read, not kept.</param>
    /// <param name="stride">Pixels from one output to the next.</param>
    /// <param name="padding">Zeros at every edge.</param>
    public static IConvolutionKernel? Convolution(Tensor weight, long stride, long padding)
    {
        if (weight.device_type != DeviceType.CPU || weight.numel() == 0)
            return null;

        var (outChannels, channels, kernel) = (weight.Sizes()[0], weight.Sizes()[1], weight.Sizes()[2]);
        if (kernel == 1 && stride == 1 && padding == 0)
        {
            using var matrix = weight.view(outChannels, channels);

            return Linear(matrix) is { } linear ? new PointConvolution(linear) : null;
        }

        if (weight.dtype == ScalarType.Float32 && Vectors.Value)
        {
            if (NarrowConvolution.Fits(channels, outChannels))
                return new NarrowConvolution(weight, stride, padding);

            if (kernel != 3 || stride != 1 || padding != 1 || !WinogradConvolution.Fits(channels, outChannels))
                return new DirectConvolution(weight, stride, padding);

            using var matrix = weight.contiguous().view(outChannels, -1);

            return new WinogradConvolution(Panels.Of(matrix));
        }

        if (weight.dtype == ScalarType.BFloat16 && PairConvolution.Fits(channels, kernel) && Pairs.Value)
            return new PairConvolution(weight, stride, padding);

        return channels % Lanes == 0 && outChannels % Lanes == 0 && ((weight.dtype == ScalarType.Float32 && Single.Value) || (weight.dtype == ScalarType.BFloat16 && Half.Value))
            ? new OneDnnConvolution(weight, stride, padding)
            : null;
    }

    // Several rounds: memory that is dirty from the one before shows what stays unset.
    private static bool Passes(ScalarType type, double tolerance, Func<Tensor, ILinearKernel> linear, Func<Tensor, IConvolutionKernel> convolution)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var random = new Generator(0);
        try
        {
            for (var round = 0; round < 3; round++)
            {
                var (x, w, b) = (Draw(5, 48), Draw(64, 48), Draw(64));
                var (image, filter) = (Draw(2, 32, 5, 7), Draw(64, 32, 3, 3));
                using var product = linear(w);
                using var filtered = convolution(filter);
                var other = Draw(2, 64, 5, 7);
                if (!Near(product.Run(x, b, Draw(5, 64).zero_()), F.linear(Wide(x), Wide(w), Wide(b)))
                    || !Near(filtered.Run(image, b, other), Arithmetic.Plus(F.conv2d(Wide(image), Wide(filter), Wide(b), padding: [1, 1]), Wide(other)))
                    || !Near(product.Weight(), Wide(w))
                    || !Near(filtered.Weight(), Wide(filter)))
                    return false;
            }

            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or EntryPointNotFoundException or DllNotFoundException or System.Runtime.InteropServices.ExternalException)
        {
            return false;
        }

        Tensor Draw(params long[] shape) => Arithmetic.Over(randn(shape, generator: random), 8).to(type);
        Tensor Wide(Tensor tensor) => tensor.to(ScalarType.Float64);
        bool Near(Tensor actual, Tensor exact) => Wide(actual).sub(exact).abs().max().item<double>() <= tolerance;
    }
}
