using System.Linq;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Kernels.Convolutions;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>A square two-dimensional convolution with bias: <c>[N, C, H, W]</c> to <c>[N, C′, H′, W′]</c>.</summary>
public sealed class Conv2d : Layer, IHasExtraText, ICountsProducts, IPackable
{
    private readonly PackedWeight<IConvolutionKernel> _packed;
    private readonly long _kernelSize;
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
        (InChannels, OutChannels, _kernelSize, _stride, _padding) = (inChannels, outChannels, kernel, stride, padding);
        _hasShapesAlone = options.Device.type == DeviceType.META;
        Weight = options.KaimingUniform(inChannels * kernel * kernel, outChannels, inChannels, kernel, kernel);
        Bias = options.BiasUniform(inChannels * kernel * kernel, outChannels);
        _packed = new(Weight, () => InferenceKernels.Convolution(Weight, _stride, _padding));
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

    /// <summary>Whether the next run takes the packed weight. Where gradients are recorded it becomes plain.</summary>
    internal bool RunsPacked => _packed.Kernel is not null;

    string IHasExtraText.ExtraText =>
        $"{InChannels}, {OutChannels}, kernel_size=({_kernelSize}, {_kernelSize}), stride=({_stride}, {_stride})" + (_padding == 0 ? "" : $", padding=({_padding}, {_padding})");

    long ICountsProducts.Products(long[] input, long[] output) => output.Aggregate(InChannels * _kernelSize * _kernelSize, (product, size) => product * size);

    IPackedWeight IPackable.Packed => _packed;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => _packed.Kernel?.Run(input, Bias, added: null)
        ?? (_hasShapesAlone
            ? empty([input.Sizes()[0], OutChannels, Size(input.Sizes()[2]), Size(input.Sizes()[3])], input.dtype, input.device) // libtorch alone has no convolution of shapes
            : PlainConvolution.Run(input, Weight, Bias, _stride, _padding));

    /// <summary>The convolution plus what each sample's channels are given, plus an image.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="shift"><c>[N or 1, C′, 1, 1]</c>, or null.</param>
    /// <param name="added"><c>[N, C′, H′, W′]</c>, or null.</param>
    internal Tensor Run(Tensor input, Tensor? shift = null, Tensor? added = null)
    {
        if (_packed.Kernel is not { } kernel)
            return Residual.AddTo(Residual.AddTo(call(input), shift), added);
        if (shift is null)
            return kernel.Run(input, Bias, added);

        using var bias = SampleBias.Of(Bias, shift, input.Sizes()[0]);

        return kernel.Run(input, bias, added);
    }

    /// <summary>The convolution of the first channels alone, plus an image: what <see cref="RunLast"/> made of the others.</summary>
    /// <param name="input"><c>[N, c, H, W]</c> with c less than C.</param>
    /// <param name="added"><c>[N or N / 2, C′, H′, W′]</c>.</param>
    internal Tensor RunFirst(Tensor input, Tensor added)
    {
        using var scope = NewDisposeScope();
        var result = Residual.Add(RunPart(input, first: 0, Bias), SharedHalves.Split(added, input.Sizes()[0]), scale: 1);

        return (!_packed.IsPacked ? result : ChannelsLast.Image(ChannelsLast.Pixels(result))).MoveToOuterDisposeScope();
    }

    /// <summary>The convolution of the last channels alone, without bias.</summary>
    /// <param name="input"><c>[N, c, H, W]</c> with c less than C.</param>
    internal Tensor RunLast(Tensor input)
    {
        using var scope = NewDisposeScope();

        return RunPart(input, InChannels - input.Sizes()[1], zeros_like(Bias)).MoveToOuterDisposeScope();
    }

    /// <summary>A convolution of single pixels, over tokens <c>[N, L, C]</c>.</summary>
    internal Tensor RunTokens(Tensor tokens)
    {
        if (_packed.Kernel is PointConvolution point)
            return point.Linear.Run(tokens, Bias, added: null);

        return F.linear(tokens, Weight.view(OutChannels, InChannels), Bias);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _packed.Dispose();
        base.Dispose(disposing);
    }

    private Tensor RunPart(Tensor input, long first, Tensor bias)
    {
        using var weight = _packed.IsPacked ? _packed.Plain() : Weight.alias();
        using var part = weight.narrow(1, first, input.Sizes()[1]).contiguous();

        return PlainConvolution.Run(input, part, bias, _stride, _padding);
    }

    private long Size(long size) => ((size + (2 * _padding) - _kernelSize) / _stride) + 1;
}
