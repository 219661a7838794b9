using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Models;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>Ways between two latents or noises.</summary>
public static class Latents
{
    // Where both point the same way the arc is a line, and its formula divides by nearly 0: the bound of diffusers' examples.
    private const double Parallel = 0.9995;

    /// <summary>
    /// Spherical interpolation (Shoemake 1985): along the arc from one to the other, which between two noises keeps to where noise lies; a straight way would lead through
    /// smaller norms, at which networks were not trained.
    /// </summary>
    /// <remarks>
    /// With θ the angle between both: sin((1 − s)θ)/sin θ · a + sin(sθ)/sin θ · b; (1 − s)·a + s·b where |cos θ| is above 0.9995. The norm stays where both have the same; otherwise, for
    /// θ up to a right angle, it stays between theirs. Coefficients are computed in double.
    /// </remarks>
    /// <param name="first">What there is at 0: <c>[N, …]</c>, each of the N by itself.</param>
    /// <param name="second">What there is at 1, of the same shape.</param>
    /// <param name="share">s, how far along, in [0, 1].</param>
    /// <returns>A new tensor of the first one's type.</returns>
    /// <exception cref="DiffusionException">DIF0711: the share is outside [0, 1]. DIF0410: the shapes differ.</exception>
    public static Tensor Slerp(Tensor first, Tensor second, double share)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (!(share >= 0 && share <= 1))
            throw Rules.ShareOutOfRange.Error("the second noise", share);
        if (first.dim() == 0 || !first.shape.SequenceEqual(second.shape))
            throw Rules.InputShape.Error("the second noise", UNet2DModel.Shape(second), nameof(Slerp), UNet2DModel.Shape(first) + " of at least one axis", "give both in one shape");

        using var scope = torch.NewDisposeScope();
        var (a, b) = (Rows(first), Rows(second));
        var cosine = ((a * b).sum([1]) / (a.norm(1) * b.norm(1))).cpu().data<double>().ToArray();
        var (one, other) = (Array.ConvertAll(cosine, value => Weight(value, 1 - share)), Array.ConvertAll(cosine, value => Weight(value, share)));

        return Arithmetic.Plus(first * Column(one, first), second * Column(other, first)).MoveToOuterDisposeScope();
    }

    private static double Weight(double cosine, double share)
    {
        if (!(Math.Abs(cosine) <= Parallel))
            return share;

        var angle = Math.Acos(cosine);
        return Math.Sin(share * angle) / Math.Sin(angle);
    }

    private static Tensor Rows(Tensor tensor) => tensor.detach().to(torch.ScalarType.Float64).reshape(tensor.shape[0], -1);

    private static Tensor Column(double[] weights, Tensor like) =>
        torch.tensor(weights, [weights.Length, .. Enumerable.Repeat(1L, (int)like.dim() - 1)], dtype: torch.ScalarType.Float64).to(like.dtype, like.device);
}
