using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// Linear combinations Σ a_k·s_k of tensors of one shape, in one pass over memory: the update of every sampler. float32 on a CPU runs in a vector
/// kernel; everything else in plain torch operations with the same result up to rounding.
/// </summary>
public static partial class Combine
{
    /// <summary>target ← a·s. The target may be a source.</summary>
    /// <param name="target">The tensor that is written, any shape.</param>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of the target's shape, dtype and device.</param>
    public static void Into(Tensor target, double a, Tensor s) =>
        LinearCombination.Write(target, [a], [s]);

    /// <summary>target ← a·s + b·t. The target may be a source.</summary>
    /// <param name="target">The tensor that is written, any shape.</param>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of the target's shape, dtype and device.</param>
    /// <param name="b">The factor of <paramref name="t"/>.</param>
    /// <param name="t">Another such tensor.</param>
    public static void Into(Tensor target, double a, Tensor s, double b, Tensor t) =>
        LinearCombination.Write(target, [a, b], [s, t]);

    /// <summary>target ← a·s + b·t + c·u. The target may be a source.</summary>
    /// <param name="target">The tensor that is written, any shape.</param>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of the target's shape, dtype and device.</param>
    /// <param name="b">The factor of <paramref name="t"/>.</param>
    /// <param name="t">Another such tensor.</param>
    /// <param name="c">The factor of <paramref name="u"/>.</param>
    /// <param name="u">Another such tensor.</param>
    public static void Into(Tensor target, double a, Tensor s, double b, Tensor t, double c, Tensor u) =>
        LinearCombination.Write(target, [a, b, c], [s, t, u]);

    /// <summary>target ← a·s + b·t + c·u + d·v. The target may be a source.</summary>
    /// <param name="target">The tensor that is written, any shape.</param>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of the target's shape, dtype and device.</param>
    /// <param name="b">The factor of <paramref name="t"/>.</param>
    /// <param name="t">Another such tensor.</param>
    /// <param name="c">The factor of <paramref name="u"/>.</param>
    /// <param name="u">Another such tensor.</param>
    /// <param name="d">The factor of <paramref name="v"/>.</param>
    /// <param name="v">Another such tensor.</param>
    public static void Into(Tensor target, double a, Tensor s, double b, Tensor t, double c, Tensor u, double d, Tensor v) =>
        LinearCombination.Write(target, [a, b, c, d], [s, t, u, v]);

    /// <summary>target ← a·s + b·t + c·u + d·v + e·w. The target may be a source.</summary>
    /// <param name="target">The tensor that is written, any shape.</param>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of the target's shape, dtype and device.</param>
    /// <param name="b">The factor of <paramref name="t"/>.</param>
    /// <param name="t">Another such tensor.</param>
    /// <param name="c">The factor of <paramref name="u"/>.</param>
    /// <param name="u">Another such tensor.</param>
    /// <param name="d">The factor of <paramref name="v"/>.</param>
    /// <param name="v">Another such tensor.</param>
    /// <param name="e">The factor of <paramref name="w"/>.</param>
    /// <param name="w">Another such tensor.</param>
    public static void Into(Tensor target, double a, Tensor s, double b, Tensor t, double c, Tensor u, double d, Tensor v, double e, Tensor w) =>
        LinearCombination.Write(target, [a, b, c, d, e], [s, t, u, v, w]);

    /// <summary>target ← a·s + b·t + c·u + d·v + e·w + f·p. The target may be a source.</summary>
    /// <param name="target">The tensor that is written, any shape.</param>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of the target's shape, dtype and device.</param>
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
    public static void Into(Tensor target, double a, Tensor s, double b, Tensor t, double c, Tensor u, double d, Tensor v, double e, Tensor w, double f, Tensor p) =>
        LinearCombination.Write(target, [a, b, c, d, e, f], [s, t, u, v, w, p]);

    /// <summary>target ← a·s + b·t + c·u + d·v + e·w + f·p + g·q. The target may be a source.</summary>
    /// <param name="target">The tensor that is written, any shape.</param>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of the target's shape, dtype and device.</param>
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
    /// <param name="g">The factor of <paramref name="q"/>.</param>
    /// <param name="q">Another such tensor.</param>
    public static void Into(Tensor target, double a, Tensor s, double b, Tensor t, double c, Tensor u, double d, Tensor v, double e, Tensor w, double f, Tensor p, double g, Tensor q) =>
        LinearCombination.Write(target, [a, b, c, d, e, f, g], [s, t, u, v, w, p, q]);

    /// <summary>target ← a·s + b·t + c·u + d·v + e·w + f·p + g·q + h·r. The target may be a source.</summary>
    /// <param name="target">The tensor that is written, any shape.</param>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of the target's shape, dtype and device.</param>
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
    /// <param name="g">The factor of <paramref name="q"/>.</param>
    /// <param name="q">Another such tensor.</param>
    /// <param name="h">The factor of <paramref name="r"/>.</param>
    /// <param name="r">Another such tensor.</param>
    public static void Into(Tensor target, double a, Tensor s, double b, Tensor t, double c, Tensor u, double d, Tensor v, double e, Tensor w, double f, Tensor p, double g, Tensor q, double h, Tensor r) =>
        LinearCombination.Write(target, [a, b, c, d, e, f, g, h], [s, t, u, v, w, p, q, r]);
}
