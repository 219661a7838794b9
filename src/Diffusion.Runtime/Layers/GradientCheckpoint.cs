using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>
/// Runs a part of a model without keeping what its gradients need: the backward pass runs the part once more (Chen et al. 2016,
/// arXiv:1604.06174). Gradients are the same but for the order of sums; second derivatives are not recorded.
/// </summary>
internal static class GradientCheckpoint
{
    /// <summary>The part's output, of which only the inputs are kept.</summary>
    /// <param name="part">The part: changes no input and keeps nothing. It runs twice, on any thread the second time.</param>
    /// <param name="inputs">What goes in; gradients are taken where they are required.</param>
    /// <param name="parameters">The parameters the part reads.</param>
    public static Tensor Run(Func<Tensor[], Tensor> part, Tensor[] inputs, IEnumerable<Parameter> parameters)
    {
        if (!is_grad_enabled())
            return part(inputs);

        return GradientCheckpointFunction.apply([part, inputs.Length, .. inputs, .. parameters.Where(parameter => parameter.requires_grad)]);
    }
}
