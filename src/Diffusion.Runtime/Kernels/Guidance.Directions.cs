using System.Linq;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Kernels;

/// <content>Guidance by products and norms of each picture.</content>
public static partial class Guidance
{
    // As in the authors' code and in diffusers.
    private const double LeastSquare = 1e-8;

    // As torch's normalize.
    private const double LeastNorm = 1e-12;

    /// <summary>m = a·u + b·c + d·p, rescaled as <see cref="Rescaled(double, double, Tensor, double, Tensor)"/>.</summary>
    /// <param name="rescale">φ in (0, 1].</param>
    /// <param name="a">The factor of <paramref name="u"/>.</param>
    /// <param name="u">The unconditional output [N, C, H, W].</param>
    /// <param name="b">The factor of <paramref name="c"/>.</param>
    /// <param name="c">The conditional output [N, C, H, W].</param>
    /// <param name="d">The factor of <paramref name="p"/>.</param>
    /// <param name="p">Another output [N, C, H, W].</param>
    /// <returns>A new tensor [N, C, H, W].</returns>
    public static Tensor Rescaled(double rescale, double a, Tensor u, double b, Tensor c, double d, Tensor p) => Rescaled(rescale, [a, b, d], [u, c, p]);

    /// <summary>m = a·u + b·c + d·p + e·g, rescaled as <see cref="Rescaled(double, double, Tensor, double, Tensor)"/>.</summary>
    /// <param name="rescale">φ in (0, 1].</param>
    /// <param name="a">The factor of <paramref name="u"/>.</param>
    /// <param name="u">The unconditional output [N, C, H, W].</param>
    /// <param name="b">The factor of <paramref name="c"/>.</param>
    /// <param name="c">The conditional output [N, C, H, W].</param>
    /// <param name="d">The factor of <paramref name="p"/>.</param>
    /// <param name="p">Another output [N, C, H, W].</param>
    /// <param name="e">The factor of <paramref name="g"/>.</param>
    /// <param name="g">Another output [N, C, H, W].</param>
    /// <returns>A new tensor [N, C, H, W].</returns>
    public static Tensor Rescaled(double rescale, double a, Tensor u, double b, Tensor c, double d, Tensor p, double e, Tensor g) => Rescaled(rescale, [a, b, d, e], [u, c, p, g]);

    /// <summary>s*·u with s* = ⟨c, u⟩/(‖u‖² + 10⁻⁸) over [C, H, W] of each picture, in float64 (arXiv:2503.18886).</summary>
    /// <param name="u">The unconditional output [N, C, H, W].</param>
    /// <param name="c">The conditional output [N, C, H, W].</param>
    /// <returns>A new tensor [N, C, H, W] of u's type.</returns>
    public static Tensor Aligned(Tensor u, Tensor c)
    {
        using var scope = torch.NewDisposeScope();
        var (one, other) = (Wide(u), Wide(c));
        using Scalar least = LeastSquare, once = 1;
        var scale = Product(other, one) / Product(one, one).add_(least, once);
        return (one * scale).to_type(u.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Δ_⊥ + η·Δ_∥, the parts of Δ across and along c, after Δ was cut to a norm of r; over [C, H, W] of each picture, in float64 (arXiv:2410.02416, algorithm 1).</summary>
    /// <param name="direction">Δ, [N, C, H, W].</param>
    /// <param name="c">The conditional output [N, C, H, W].</param>
    /// <param name="eta">η.</param>
    /// <param name="threshold">r; 0: nothing is cut.</param>
    /// <returns>A new tensor [N, C, H, W] of Δ's type.</returns>
    public static Tensor Projected(Tensor direction, Tensor c, double eta, double threshold)
    {
        using var scope = torch.NewDisposeScope();
        var (delta, along) = (Wide(direction), Wide(c));
        using Scalar one = 1, least = LeastNorm, longest = threshold, dropped = eta - 1;
        if (threshold > 0)
        {
            // A direction of 0 stays 0, for 1 is smaller than r/0.
            delta = delta * Product(delta, delta).sqrt_().reciprocal_().mul_(longest).clamp_max_(one);
        }

        along = along / Product(along, along).sqrt_().clamp_min_(least);
        return delta.add(along * Product(delta, along), dropped).to_type(direction.dtype).MoveToOuterDisposeScope();
    }

    private static Tensor Wide(Tensor tensor) => tensor.to_type(torch.ScalarType.Float64);

    // [N, 1, 1, 1]
    private static Tensor Product(Tensor one, Tensor other) => (one * other).sum(Enumerable.Range(1, (int)one.dim() - 1).Select(dimension => (long)dimension).ToArray(), keepdim: true);
}
