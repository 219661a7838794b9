using System;
using Diffusion.Runtime.Kernels;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>
/// Sines and cosines of log σ at random fixed frequencies, <c>[N]</c> to <c>[N, 2 · size]</c> (Song et al. 2021, arXiv:2011.13456, appendix C).
/// </summary>
public sealed class GaussianFourierProjection : Layer
{
    /// <summary>A projection with frequencies drawn from N(0, scale²).</summary>
    /// <param name="size">Number of frequencies.</param>
    /// <param name="scale">Their standard deviation.</param>
    /// <param name="options">How the frequencies are made; they take no gradient.</param>
    public GaussianFourierProjection(long size, double scale, LayerOptions options)
        : base(nameof(GaussianFourierProjection))
    {
        Weight = options.Normal(scale, requiresGrad: false, size);
        register_parameter("weight", Weight);
    }

    /// <summary>The frequencies, <c>[size]</c>.</summary>
    [field: ComponentName(Name = "weight")]
    public Parameter Weight { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor sigmas)
    {
        using var scope = NewDisposeScope();
        var angles = Arithmetic.Times(Arithmetic.Times(sigmas.to(ScalarType.Float32).log().unsqueeze(1) * Weight.unsqueeze(0), 2), Math.PI);

        return cat([angles.sin(), angles.cos()], -1).MoveToOuterDisposeScope();
    }
}
