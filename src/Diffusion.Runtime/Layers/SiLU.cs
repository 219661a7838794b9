using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>x · sigmoid(x).</summary>
internal sealed class SiLU() : Activation(nameof(SiLU))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => F.silu(input);

    internal override Tensor OfNorm(GroupNorm norm, Tensor input) => norm.HasShapesAlone
        ? base.OfNorm(norm, input)
        : PixelNorm.Fits(input) ? PixelNorm.Run(input, norm.Groups, norm.Weight, norm.Bias, norm.Epsilon, activates: true)
        : FusedNorm.Activate(input, norm.Groups, norm.Weight, norm.Bias, norm.Epsilon);

    internal override Tensor ConsumeNorm(GroupNorm norm, Tensor input)
    {
        if (norm.HasShapesAlone || !PixelNorm.Fits(input))
            return OfNorm(norm, input);

        PixelNorm.RunInto(input, input, norm.Groups, norm.Weight, norm.Bias, norm.Epsilon, activates: true);

        return input;
    }

    internal override Tensor Consume(Tensor input) => is_grad_enabled() ? F.silu(input) : F.silu(input, inplace: true);
}
