using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diffusion.Runtime.Kernels.Convolutions;

/// <summary>
/// The three changes of basis of F(2 × 2, 3 × 3) (Winograd's minimal filtering, Lavin and Gray 2015, arXiv:1509.09308, section 4.1): 16 products give 4 pixels of a 3 × 3
/// convolution that take 36 by the definition. y = Aᵀ[(G g Gᵀ) ∘ (Bᵀ d B)]A, with sums and halves alone in the matrices, so that rounding stays that of a plain sum.
/// </summary>
internal static unsafe class WinogradTransforms
{
    /// <summary>Products of a tile: 4 by 4.</summary>
    public const int Points = 16;

    private const int Lanes = 16;

    /// <summary>Bᵀ d B of one tile.</summary>
    /// <param name="pixels">The tile's 16 pixels, row by row.</param>
    /// <param name="target">Receives <paramref name="channels"/> floats for each point.</param>
    /// <param name="stride">Floats from one point to the next.</param>
    /// <param name="channels">A multiple of 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input(float** pixels, float* target, nint stride, int channels)
    {
        for (nint c = 0; c < channels; c += Lanes)
        {
            var to = target + c;
            for (var row = 0; row < 4; row++, to += 4 * stride)
            {
                // Rows of Bᵀ d: d₀ − d₂, d₁ + d₂, d₂ − d₁, d₁ − d₃.
                var (one, other) = (row == 0 ? 0 : row == 2 ? 8 : 4, row == 3 ? 12 : row == 2 ? 4 : 8);
                float** p = pixels + one, q = pixels + other;
                var sign = row == 1 ? Vector512<float>.One : -Vector512<float>.One;
                var t0 = Vector512.FusedMultiplyAdd(sign, Vector512.Load(q[0] + c), Vector512.Load(p[0] + c));
                var t1 = Vector512.FusedMultiplyAdd(sign, Vector512.Load(q[1] + c), Vector512.Load(p[1] + c));
                var t2 = Vector512.FusedMultiplyAdd(sign, Vector512.Load(q[2] + c), Vector512.Load(p[2] + c));
                var t3 = Vector512.FusedMultiplyAdd(sign, Vector512.Load(q[3] + c), Vector512.Load(p[3] + c));
                (t0 - t2).Store(to);
                (t1 + t2).Store(to + stride);
                (t2 - t1).Store(to + (2 * stride));
                (t1 - t3).Store(to + (3 * stride));
            }
        }
    }

    /// <summary>G g Gᵀ of some input channels and 32 output channels.</summary>
    /// <param name="weights"><c>[channels, 9, 32]</c>.</param>
    /// <param name="target">Receives <c>[channels, 32]</c> for each point.</param>
    /// <param name="stride">Floats from one point to the next.</param>
    /// <param name="channels">The number of input channels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weights(float* weights, float* target, nint stride, int channels)
    {
        var half = Vector512.Create(0.5f);
        for (var channel = 0; channel < 2 * channels; channel++)
        {
            // Even: the first 16 output channels; odd: the others.
            var g = weights + (channel / 2 * 288) + (channel % 2 * Lanes);
            var to = target + (channel * Lanes);
            for (var row = 0; row < 4; row++, to += 4 * stride)
            {
                Vector512<float> t0, t1, t2;
                if (row is 0 or 3)
                {
                    var line = g + (row == 0 ? 0 : 192);
                    (t0, t1, t2) = (Vector512.Load(line), Vector512.Load(line + 32), Vector512.Load(line + 64));
                }
                else
                {
                    var sign = row == 1 ? half : -half;
                    t0 = Vector512.FusedMultiplyAdd(sign, Vector512.Load(g + 96), half * (Vector512.Load(g) + Vector512.Load(g + 192)));
                    t1 = Vector512.FusedMultiplyAdd(sign, Vector512.Load(g + 128), half * (Vector512.Load(g + 32) + Vector512.Load(g + 224)));
                    t2 = Vector512.FusedMultiplyAdd(sign, Vector512.Load(g + 160), half * (Vector512.Load(g + 64) + Vector512.Load(g + 256)));
                }

                var ends = half * (t0 + t2);
                t0.Store(to);
                Vector512.FusedMultiplyAdd(half, t1, ends).Store(to + stride);
                Vector512.FusedMultiplyAdd(-half, t1, ends).Store(to + (2 * stride));
                t2.Store(to + (3 * stride));
            }
        }
    }

    /// <summary>Aᵀ m A of one tile and 32 channels.</summary>
    /// <param name="products">32 floats for each point.</param>
    /// <param name="stride">Floats from one point to the next.</param>
    /// <param name="bias">32 floats that are added to every pixel.</param>
    /// <param name="pixels">Receives the pixels: 4 of 32 floats, row by row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output(float* products, nint stride, float* bias, float* pixels)
    {
        for (var at = 0; at < 32; at += Lanes)
        {
            var m = products + at;
            var shift = Vector512.Load(bias + at);
            Rows(m, stride, out var a0, out var b0);
            Rows(m + stride, stride, out var a1, out var b1);
            Rows(m + (2 * stride), stride, out var a2, out var b2);
            Rows(m + (3 * stride), stride, out var a3, out var b3);
            (a0 + a1 + a2 + shift).Store(pixels + at);
            (a1 - a2 - a3 + shift).Store(pixels + 32 + at);
            (b0 + b1 + b2 + shift).Store(pixels + 64 + at);
            (b1 - b2 - b3 + shift).Store(pixels + 96 + at);
        }
    }

    // A column of Aᵀ m.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows(float* m, nint stride, out Vector512<float> upper, out Vector512<float> lower)
    {
        var (m0, m1, m2, m3) = (Vector512.Load(m), Vector512.Load(m + (4 * stride)), Vector512.Load(m + (8 * stride)), Vector512.Load(m + (12 * stride)));
        upper = m0 + m1 + m2;
        lower = m1 - m2 - m3;
    }
}
