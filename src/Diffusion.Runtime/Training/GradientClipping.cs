using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>Shortens the gradients of a step that would go too far (Pascanu et al. 2013, arXiv:1211.5063, algorithm 1).</summary>
public static class GradientClipping
{
    // PyTorch's: a norm of 0 divides nothing.
    private const double Least = 1e-6;

    /// <summary>
    /// Takes the gradients of all parameters, as one vector, to a length of at most <paramref name="maxNorm"/>, in place. Parity target: <c>clip_grad_norm_</c>
    /// of PyTorch with its defaults.
    /// </summary>
    /// <param name="parameters">The parameters, on any device; those without a gradient do not count.</param>
    /// <param name="maxNorm">The greatest length, above 0; 1 is usual.</param>
    /// <returns>The length before clipping; NaN or infinite where a gradient is.</returns>
    /// <exception cref="DiffusionException">DIF0220: <paramref name="maxNorm"/> is not above 0.</exception>
    public static double Clip(IEnumerable<Parameter> parameters, double maxNorm)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!(maxNorm > 0))
            throw Rules.TrainingOptionOutOfRange.Error("max_norm", "GradientClipping", maxNorm, "above 0", 1);

        using var recording = no_grad();
        using var scope = NewDisposeScope();
        var gradients = parameters.Select(parameter => parameter.grad).OfType<Tensor>().ToArray();
        var norm = Math.Sqrt(gradients.Sum(SquareSum.Of));
        var factor = maxNorm / (norm + Least);
        if (factor >= 1)
            return norm;

        foreach (var gradient in gradients)
            Combine.Into(gradient, factor, gradient);

        return norm;
    }
}
