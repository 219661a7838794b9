using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diffusion.Runtime.Kernels;

/// <summary>Elementary functions of 16 floats at once.</summary>
internal static class VectorMath
{
    /// <summary>
    /// eˣ for x ≤ 88, to 2e-7 of its value; below −87 it is e⁻⁸⁷ ≈ 1e-38. With x = n ln 2 + r it is 2ⁿ eʳ, eʳ by a polynomial on |r| ≤ ln 2 / 2
    /// (the coefficients of Cephes' expf).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        x = Vector512.Max(x, Vector512.Create(-87f));
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
}
