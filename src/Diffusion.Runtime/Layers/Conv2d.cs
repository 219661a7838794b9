using System.Linq;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>A square two-dimensional convolution with bias: <c>[N, C, H, W]</c> to <c>[N, C′, H′, W′]</c>.</summary>
public sealed class Conv2d : Layer, IHasExtraText, ICountsProducts
{
    private readonly long _kernel;
    private readonly long _stride;
    private readonly long _padding;
    private readonly bool _hasShapesAlone;

    /// <summary>A convolution with PyTorch's defaults otherwise.</summary>
    /// <param name="inChannels">C.</param>
    /// <param name="outChannels">C′.</param>
    /// <param name="kernel">Height and width of the kernel in pixels.</param>
    /// <param name="stride">Pixels from one output to the next.</param>
    /// <param name="padding">Zeros added at every edge.</param>
    /// <param name="options">How the parameters are made.</param>
    public Conv2d(long inChannels, long outChannels, long kernel, long stride, long padding, LayerOptions options)
        : base(nameof(Conv2d))
    {
        (InChannels, OutChannels, _kernel, _stride, _padding) = (inChannels, outChannels, kernel, stride, padding);
        _hasShapesAlone = options.Device.type == DeviceType.META;
        Weight = options.KaimingUniform(inChannels * kernel * kernel, outChannels, inChannels, kernel, kernel);
        Bias = options.BiasUniform(inChannels * kernel * kernel, outChannels);
        register_parameter("weight", Weight);
        register_parameter("bias", Bias);
    }

    /// <summary>C.</summary>
    public long InChannels { get; }

    /// <summary>C′.</summary>
    public long OutChannels { get; }

    /// <summary><c>[C′, C, kernel, kernel]</c>.</summary>
    [field: ComponentName(Name = "weight")]
    public Parameter Weight { get; }

    /// <summary><c>[C′]</c>.</summary>
    [field: ComponentName(Name = "bias")]
    public Parameter Bias { get; }

    string IHasExtraText.ExtraText =>
        $"{InChannels}, {OutChannels}, kernel_size=({_kernel}, {_kernel}), stride=({_stride}, {_stride})" + (_padding == 0 ? "" : $", padding=({_padding}, {_padding})");

    long ICountsProducts.Products(long[] input, long[] output) => output.Aggregate(InChannels * _kernel * _kernel, (product, size) => product * size);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Forward(input, Bias);

    /// <summary>The convolution with another bias in place of its own.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="bias"><c>[C′]</c>.</param>
    internal Tensor Forward(Tensor input, Tensor bias) => _hasShapesAlone
        ? empty([input.shape[0], OutChannels, Size(input.shape[2]), Size(input.shape[3])], input.dtype, input.device) // libtorch alone has no convolution of shapes
        : PlainConvolution.Run(input, Weight, bias, _stride, _padding);

    private long Size(long size) => ((size + (2 * _padding) - _kernel) / _stride) + 1;
}
