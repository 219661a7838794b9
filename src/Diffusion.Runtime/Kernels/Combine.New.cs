using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Kernels;

/// <content>Combinations in new tensors.</content>
public static partial class Combine
{
    /// <summary>A new tensor a·s.</summary>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of any shape; the others have its shape, dtype and device.</param>
    public static Tensor New(double a, Tensor s) =>
        LinearCombination.New(double.PositiveInfinity, [a], [s]);

    /// <summary>A new tensor a·s + b·t.</summary>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of any shape; the others have its shape, dtype and device.</param>
    /// <param name="b">The factor of <paramref name="t"/>.</param>
    /// <param name="t">Another such tensor.</param>
    public static Tensor New(double a, Tensor s, double b, Tensor t) =>
        LinearCombination.New(double.PositiveInfinity, [a, b], [s, t]);

    /// <summary>A new tensor a·s + b·t + c·u.</summary>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of any shape; the others have its shape, dtype and device.</param>
    /// <param name="b">The factor of <paramref name="t"/>.</param>
    /// <param name="t">Another such tensor.</param>
    /// <param name="c">The factor of <paramref name="u"/>.</param>
    /// <param name="u">Another such tensor.</param>
    public static Tensor New(double a, Tensor s, double b, Tensor t, double c, Tensor u) =>
        LinearCombination.New(double.PositiveInfinity, [a, b, c], [s, t, u]);

    /// <summary>A new tensor a·s + b·t + c·u + d·v.</summary>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of any shape; the others have its shape, dtype and device.</param>
    /// <param name="b">The factor of <paramref name="t"/>.</param>
    /// <param name="t">Another such tensor.</param>
    /// <param name="c">The factor of <paramref name="u"/>.</param>
    /// <param name="u">Another such tensor.</param>
    /// <param name="d">The factor of <paramref name="v"/>.</param>
    /// <param name="v">Another such tensor.</param>
    public static Tensor New(double a, Tensor s, double b, Tensor t, double c, Tensor u, double d, Tensor v) =>
        LinearCombination.New(double.PositiveInfinity, [a, b, c, d], [s, t, u, v]);

    /// <summary>A new tensor a·s + b·t + c·u + d·v + e·w.</summary>
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
    public static Tensor New(double a, Tensor s, double b, Tensor t, double c, Tensor u, double d, Tensor v, double e, Tensor w) =>
        LinearCombination.New(double.PositiveInfinity, [a, b, c, d, e], [s, t, u, v, w]);

    /// <summary>A new tensor a·s + b·t + c·u + d·v + e·w + f·p.</summary>
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
    public static Tensor New(double a, Tensor s, double b, Tensor t, double c, Tensor u, double d, Tensor v, double e, Tensor w, double f, Tensor p) =>
        LinearCombination.New(double.PositiveInfinity, [a, b, c, d, e, f], [s, t, u, v, w, p]);

    /// <summary>A new tensor a·s + b·t + c·u + d·v + e·w + f·p + g·q.</summary>
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
    /// <param name="g">The factor of <paramref name="q"/>.</param>
    /// <param name="q">Another such tensor.</param>
    public static Tensor New(double a, Tensor s, double b, Tensor t, double c, Tensor u, double d, Tensor v, double e, Tensor w, double f, Tensor p, double g, Tensor q) =>
        LinearCombination.New(double.PositiveInfinity, [a, b, c, d, e, f, g], [s, t, u, v, w, p, q]);

    /// <summary>A new tensor a·s + b·t + c·u + d·v + e·w + f·p + g·q + h·r.</summary>
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
    /// <param name="g">The factor of <paramref name="q"/>.</param>
    /// <param name="q">Another such tensor.</param>
    /// <param name="h">The factor of <paramref name="r"/>.</param>
    /// <param name="r">Another such tensor.</param>
    public static Tensor New(double a, Tensor s, double b, Tensor t, double c, Tensor u, double d, Tensor v, double e, Tensor w, double f, Tensor p, double g, Tensor q, double h, Tensor r) =>
        LinearCombination.New(double.PositiveInfinity, [a, b, c, d, e, f, g, h], [s, t, u, v, w, p, q, r]);

    /// <summary>A new tensor a·s, cut to [−limit, limit].</summary>
    /// <param name="limit">Above 0.</param>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of any shape; the others have its shape, dtype and device.</param>
    public static Tensor Clamped(double limit, double a, Tensor s) =>
        LinearCombination.New(limit, [a], [s]);

    /// <summary>A new tensor a·s + b·t, cut to [−limit, limit].</summary>
    /// <param name="limit">Above 0.</param>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of any shape; the others have its shape, dtype and device.</param>
    /// <param name="b">The factor of <paramref name="t"/>.</param>
    /// <param name="t">Another such tensor.</param>
    public static Tensor Clamped(double limit, double a, Tensor s, double b, Tensor t) =>
        LinearCombination.New(limit, [a, b], [s, t]);

    /// <summary>A new tensor a·s + b·t + c·u, cut to [−limit, limit].</summary>
    /// <param name="limit">Above 0.</param>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of any shape; the others have its shape, dtype and device.</param>
    /// <param name="b">The factor of <paramref name="t"/>.</param>
    /// <param name="t">Another such tensor.</param>
    /// <param name="c">The factor of <paramref name="u"/>.</param>
    /// <param name="u">Another such tensor.</param>
    public static Tensor Clamped(double limit, double a, Tensor s, double b, Tensor t, double c, Tensor u) =>
        LinearCombination.New(limit, [a, b, c], [s, t, u]);

    /// <summary>A new tensor a·s + b·t + c·u + d·v, cut to [−limit, limit].</summary>
    /// <param name="limit">Above 0.</param>
    /// <param name="a">The factor of <paramref name="s"/>.</param>
    /// <param name="s">A tensor of any shape; the others have its shape, dtype and device.</param>
    /// <param name="b">The factor of <paramref name="t"/>.</param>
    /// <param name="t">Another such tensor.</param>
    /// <param name="c">The factor of <paramref name="u"/>.</param>
    /// <param name="u">Another such tensor.</param>
    /// <param name="d">The factor of <paramref name="v"/>.</param>
    /// <param name="v">Another such tensor.</param>
    public static Tensor Clamped(double limit, double a, Tensor s, double b, Tensor t, double c, Tensor u, double d, Tensor v) =>
        LinearCombination.New(limit, [a, b, c, d], [s, t, u, v]);
}
