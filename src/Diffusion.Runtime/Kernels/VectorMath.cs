using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Diffusion.Runtime.Kernels;

/// <summary>Elementary functions of 16 floats at once; of NaN they are NaN, which the processor's own greatest and least give where it stands second.</summary>
internal static class VectorMath
{
    // exp of more overflows; a sigmoid of less is 0 all the same.
    private const float Steepest = 87;

    /// <summary>
    /// eˣ for x ≤ 88, to 2e-7 of its value; below −87 it is e⁻⁸⁷ ≈ 1e-38. With x = n ln 2 + r it is 2ⁿ eʳ, eʳ by a polynomial on |r| ≤ ln 2 / 2
    /// (the coefficients of Cephes' expf).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        x = Vector512.MaxNative(Vector512.Create(-87f), x);
        var n = Vector512.Round(x * Vector512.Create(1.44269504f));
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-0.693359375f), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(2.12194440e-4f), r);
        var p = Vector512.Create(1.9875691500e-4f);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.3981999507e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(8.3334519073e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(4.1665795894e-2f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.6666665459e-1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(5.0000001201e-1f));
        p = Vector512.FusedMultiplyAdd(p, r * r, r + Vector512<float>.One);
        var power = (Vector512.ConvertToInt32Native(n) + Vector512.Create(127)) << 23;

        return p * power.AsSingle();
    }

    /// <summary>2ˣ for x ≤ 127, to 2e-7 of its value; below −126 it is 2⁻¹²⁶ ≈ 1e-38. With x = n + f it is 2ⁿ 2ᶠ, 2ᶠ by a polynomial on |f| ≤ ½ (the Taylor series of e^(f ln 2)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp2(Vector512<float> x)
    {
        x = Vector512.MaxNative(Vector512.Create(-126f), x);
        var n = Vector512.Round(x);
        var f = x - n;
        var p = Vector512.Create(1.5403530e-4f);
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(1.3333558e-3f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(9.6181291e-3f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(5.5504109e-2f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(2.4022651e-1f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(6.9314718e-1f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512<float>.One);
        var power = (Vector512.ConvertToInt32Native(n) + Vector512.Create(127)) << 23;

        return p * power.AsSingle();
    }

    /// <summary>2ˣ for x ≤ 127, to 1e-4 of its value: what bfloat16 keeps of it. 2ˣ = 2^⌊x⌋ 2ᶠ, 2ᶠ by the polynomial whose greatest error on 0 ≤ f &lt; 1 is least.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> CoarseExp2(Vector512<float> x)
    {
        // ⌊x⌋ itself is not needed: the one instruction takes it away, the other one scales by it.
        const byte Down = 1;
        if (!Avx512DQ.IsSupported)
            return Exp2(x);

        var f = Avx512DQ.Reduce(x, Down);
        var p = Vector512.Create(0.0780245227f);
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.2260671554f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.6958335404f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.9999252186f));

        return Avx512F.Scale(p, x);
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) =>
        Vector512<float>.One / (Vector512<float>.One + Exp(Vector512.MinNative(Vector512.Create(Steepest), -x)));

    /// <summary>
    /// x Φ(x), to 1e-7 of the greater of |x| and 1: Φ(−|z| √2) is e^(−z²) times a polynomial in 1 / (1 + p |z|) (Abramowitz and Stegun 1964, 7.1.26).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gelu(Vector512<float> x)
    {
        var z = Vector512.Abs(x) * Vector512.Create(0.70710678f);
        var t = Vector512<float>.One / Vector512.FusedMultiplyAdd(z, Vector512.Create(0.3275911f), Vector512<float>.One);
        var p = Vector512.Create(1.061405429f);
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-1.453152027f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(1.421413741f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-0.284496736f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(0.254829592f));
        var tail = p * t * Exp(-(z * z)) * Vector512.Create(0.5f);

        return x * Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), tail, Vector512<float>.One - tail);
    }
}
