using System.Collections.Generic;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Diffusion.Runtime.Kernels;

/// <summary><see cref="FusedNorm"/> as autograd sees it.</summary>
internal sealed class FusedNormFunction : SingleTensorFunction<FusedNormFunction>
{
    /// <inheritdoc/>
    public override string Name => nameof(FusedNormFunction);

    /// <inheritdoc/>
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (x, weight, bias, groups, epsilon) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (long)vars[3], (double)vars[4]);
        var output = empty_like(x);
        var moments = empty(x.Sizes()[0], groups, 2);
        FusedNorm.Forward(x, weight, bias, output, moments, groups, epsilon);
        ctx.save_for_backward([x, weight, bias, moments]);
        ctx.save_data("groups", groups);

        return output;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables().ToArray();
        using var gradient = grad_output.contiguous();
        var (samples, channels) = (saved[0].Sizes()[0], saved[0].Sizes()[1]);
        using var ofScale = empty(samples, channels);
        using var ofShift = empty(samples, channels);
        var ofInput = empty_like(saved[0]);
        FusedNorm.Backward(saved, gradient, [ofInput, ofScale, ofShift], (long)ctx.get_data("groups"));

        return [ofInput, ofScale.sum(dim: 0), ofShift.sum(dim: 0), null!, null!];
    }
}
