using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Kernels;

/// <content>Long combinations that are cut: x̂_0 of several guiders.</content>
public static partial class Combine
{
    /// <summary>A new tensor a·s + b·t + c·u + d·v + e·w, cut to [−limit, limit].</summary>
    /// <param name="limit">Above 0.</param>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of any shape; the others have its shape, dtype and device.</param>
    /// <param name="b">The factor of <paramref name="t"/>.</param>
    /// <param name="t">Another such tensor.</param>
    /// <param name="c">The factor of <paramref name="u"/>.</param>
    /// <param name="u">Another such tensor.</param>
    /// <param name="d">The factor of <paramref name="v"/>.</param>
    /// <param name="v">Another such tensor.</param>
    /// <param name="e">The factor of <paramref name="w"/>.</param>
    /// <param name="w">Another such tensor.</param>
    public static Tensor Clamped(double limit, double a, Tensor s, double b, Tensor t, double c, Tensor u, double d, Tensor v, double e, Tensor w) =>
        LinearCombination.New(limit, [a, b, c, d, e], [s, t, u, v, w]);

    /// <summary>A new tensor a·s + b·t + c·u + d·v + e·w + f·p, cut to [−limit, limit].</summary>
    /// <param name="limit">Above 0.</param>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of any shape; the others have its shape, dtype and device.</param>
    /// <param name="b">The factor of <paramref name="t"/>.</param>
    /// <param name="t">Another such tensor.</param>
    /// <param name="c">The factor of <paramref name="u"/>.</param>
    /// <param name="u">Another such tensor.</param>
    /// <param name="d">The factor of <paramref name="v"/>.</param>
    /// <param name="v">Another such tensor.</param>
    /// <param name="e">The factor of <paramref name="w"/>.</param>
    /// <param name="w">Another such tensor.</param>
    /// <param name="f">The factor of <paramref name="p"/>.</param>
    /// <param name="p">Another such tensor.</param>
    public static Tensor Clamped(double limit, double a, Tensor s, double b, Tensor t, double c, Tensor u, double d, Tensor v, double e, Tensor w, double f, Tensor p) =>
        LinearCombination.New(limit, [a, b, c, d, e, f], [s, t, u, v, w, p]);
}
