using System;
using System.Linq;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Kernels;

/// <summary>The guidance operations that are not linear combinations.</summary>
public static partial class Guidance
{
    /// <summary>
    /// m = a·u + b·c, rescaled: m·(φ·std(c)/std(m) + 1 − φ), the deviations over [C, H, W] of each picture (arXiv:2305.08891, section 3.4).
    /// </summary>
    /// <param name="rescale">φ in (0, 1].</param>
    /// <param name="a">The factor of <paramref name="u"/>, 1 − w.</param>
    /// <param name="u">The unconditional output [N, C, H, W].</param>
    /// <param name="b">The factor of <paramref name="c"/>, w.</param>
    /// <param name="c">The conditional output [N, C, H, W].</param>
    /// <returns>A new tensor [N, C, H, W].</returns>
    public static Tensor Rescaled(double rescale, double a, Tensor u, double b, Tensor c) => Rescaled(rescale, [a, b], [u, c]);

    /// <summary>The same for a sum of more outputs, of which the second is c.</summary>
    internal static Tensor Rescaled(double rescale, ReadOnlySpan<double> factors, ReadOnlySpan<Tensor> outputs)
    {
        var (m, c) = (LinearCombination.New(double.PositiveInfinity, factors, outputs), outputs[1]);
        using var scope = torch.NewDisposeScope();
        var dimensions = Enumerable.Range(1, (int)c.dim() - 1).Select(dimension => (long)dimension).ToArray();
        var factor = c.std(dimensions, keepdim: true) / m.std(dimensions, keepdim: true);
        using Scalar own = rescale, kept = 1 - rescale, one = 1;
        m.mul_(factor.mul(own).add_(kept, one));
        return m;
    }
}
