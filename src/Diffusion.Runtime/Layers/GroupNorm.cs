using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>Group normalisation with a learned scale and shift per channel (Wu and He 2018, arXiv:1803.08494): <c>[N, C, …]</c> to the same shape.</summary>
public sealed class GroupNorm : Layer, IHasExtraText
{
    /// <summary>A group norm.</summary>
    /// <param name="groups">Number of groups; divides <paramref name="channels"/>.</param>
    /// <param name="channels">C.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="options">How the parameters are made.</param>
    public GroupNorm(long groups, long channels, double epsilon, LayerOptions options)
        : base(nameof(GroupNorm))
    {
        (Groups, Epsilon, HasShapesAlone) = (groups, epsilon, options.Device.type == DeviceType.META);
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

    /// <summary>Whether the parameters have no memory; the library cannot norm such tensors.</summary>
    internal bool HasShapesAlone { get; }

    /// <summary>Number of groups.</summary>
    internal long Groups { get; }

    /// <summary>Added to the variance.</summary>
    internal double Epsilon { get; }

    string IHasExtraText.ExtraText => $"{Groups}, {Weight.Sizes()[0]}, eps={JsonValue.Of(Epsilon)}, affine=True";

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => HasShapesAlone ? empty_like(input)
        : PixelNorm.Fits(input) ? PixelNorm.Run(input, Groups, Weight, Bias, Epsilon, activates: false)
        : F.group_norm(input, Groups, Weight, Bias, Epsilon);
}
