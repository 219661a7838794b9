using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>Layer normalisation with a learned scale and shift (Ba et al. 2016, arXiv:1607.06450) over the last axis: <c>[…, C]</c> to the same shape.</summary>
public sealed class LayerNorm : Layer, IHasExtraText
{
    private readonly double _epsilon;
    private readonly bool _hasShapesAlone;

    /// <summary>A layer norm.</summary>
    /// <param name="channels">C.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="options">How the parameters are made.</param>
    public LayerNorm(long channels, double epsilon, LayerOptions options)
        : base(nameof(LayerNorm))
    {
        (_epsilon, _hasShapesAlone) = (epsilon, options.Device.type == DeviceType.META);
        Weight = options.Constant(1, channels);
        Bias = options.Constant(0, channels);
        register_parameter("weight", Weight);
        register_parameter("bias", Bias);
    }

    /// <summary>The scale, <c>[C]</c>.</summary>
    [field: ComponentName(Name = "weight")]
    public Parameter Weight { get; }

    /// <summary>The shift, <c>[C]</c>.</summary>
    [field: ComponentName(Name = "bias")]
    public Parameter Bias { get; }

    string IHasExtraText.ExtraText => $"({Weight.Sizes()[0]},), eps={JsonValue.Of(_epsilon)}, elementwise_affine=True";

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => _hasShapesAlone ? empty_like(input) : F.layer_norm(input, [Weight.Sizes()[0]], Weight, Bias, _epsilon);
}
