using System.Collections.Generic;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// Ties the input of a convolution to its output, for autograd: the output goes through as it is, and its gradient reaches the input by
/// <see cref="PlainConvolution.InputGradient"/>. The gradients of weight and bias go their own way through the output.
/// </summary>
internal sealed class PlainConvolutionFunction : SingleTensorFunction<PlainConvolutionFunction>
{
    /// <inheritdoc/>
    public override string Name => nameof(PlainConvolutionFunction);

    /// <inheritdoc/>
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (input, output, weight) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
        ctx.save_for_backward([weight]);
        ctx.save_data("shape", input.Sizes());
        ctx.save_data("stride", vars[3]);
        ctx.save_data("padding", vars[4]);

        return output.detach();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using var gradient = grad_output.contiguous();
        var input = PlainConvolution.InputGradient(gradient, ctx.get_saved_variables()[0], (long[])ctx.get_data("shape"), (long)ctx.get_data("stride"), (long)ctx.get_data("padding"));
        return [input, grad_output, null!, null!, null!];
    }
}
