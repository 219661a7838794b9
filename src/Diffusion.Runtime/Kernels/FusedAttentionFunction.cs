using System.Collections.Generic;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Diffusion.Runtime.Kernels;

/// <summary><see cref="FusedAttention"/> as autograd sees it.</summary>
internal sealed class FusedAttentionFunction : SingleTensorFunction<FusedAttentionFunction>
{
    /// <inheritdoc/>
    public override string Name => nameof(FusedAttentionFunction);

    /// <inheritdoc/>
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (q, k, v, heads) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (long)vars[3]);
        var output = empty_like(q);
        var logSums = empty(q.Sizes()[0] * heads, q.Sizes()[1]);
        FusedAttention.Forward(q, k, v, output, logSums, heads);
        ctx.save_for_backward([q, k, v, output, logSums]);
        ctx.save_data("heads", heads);

        return output;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables().ToArray();
        using var gradient = grad_output.contiguous();
        Tensor[] gradients = [empty_like(saved[0]), empty_like(saved[1]), empty_like(saved[2])];
        FusedAttention.Backward(saved, gradient, gradients, (long)ctx.get_data("heads"));

        return [.. gradients, null!];
    }
}
