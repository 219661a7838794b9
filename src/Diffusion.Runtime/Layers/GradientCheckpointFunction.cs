using System;
using System.Collections.Generic;
using System.Linq;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Diffusion.Runtime.Layers;

/// <summary><see cref="GradientCheckpoint"/> as autograd sees it: a function of the part, the number of inputs, the inputs and the parameters.</summary>
internal sealed class GradientCheckpointFunction : SingleTensorFunction<GradientCheckpointFunction>
{
    // libtorch copies the gradients of a node after backward has returned them, and nobody tells when: they are freed at the thread's next one.
    [ThreadStatic]
    private static Tensor[]? returned;

    /// <inheritdoc/>
    public override string Name => nameof(GradientCheckpointFunction);

    /// <inheritdoc/>
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (part, count) = ((Func<Tensor[], Tensor>)vars[0], (int)vars[1]);
        var tensors = vars[2..].Cast<Tensor>().ToArray();
        using var masks = DropoutMasks.Record();
        var output = part(tensors[..count]);
        foreach (var mask in masks.Taken)
            CurrentDisposeScope?.Attach(mask); // until autograd has them
        ctx.save_data("part", part);
        ctx.save_data("count", count);
        ctx.save_data("tensors", tensors.Length);
        ctx.save_for_backward([.. tensors, .. masks.Taken]);

        return output;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var (part, count, length) = ((Func<Tensor[], Tensor>)ctx.get_data("part"), (int)ctx.get_data("count"), (int)ctx.get_data("tensors"));
        foreach (var gradient in returned ?? [])
            gradient.Dispose();
        returned = null;

        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables().ToArray();
        Tensor[] inputs = [.. saved[..count].Select(input => input.detach().requires_grad_(input.requires_grad))];
        Tensor[] sources = [.. inputs, .. saved[count..length]];
        Tensor output;
        using (enable_grad())
        using (DropoutMasks.Replay(saved[length..]))
            output = part(inputs);

        var wanted = sources.Where(source => source.requires_grad).ToArray();
        var gradients = new Queue<Tensor>(grad([output], wanted, [grad_output]));
        var results = sources.Select(source => source.requires_grad ? gradients.Dequeue() : null!).ToList();
        returned = [.. results.Where(gradient => gradient is not null).Select(gradient => gradient.DetachFromDisposeScope())];

        return [null!, null!, .. results];
    }
}
