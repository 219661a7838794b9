using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// Attention over one head of 8 channels, forward and backward, on vectors of 16 queries: sums over keys need no sums across a vector. Matrix products by a
/// library waste such heads: with 8 channels the softmax between the products is most of the work.
/// </summary>
/// <remarks>
/// s = scale q kᵀ, p = softmax(s), o = p v. Backward, with g = ∂/∂o and D = g · o: ∂v = pᵀ g, ∂s = p ∘ (g vᵀ − D), ∂q = scale ∂s k,
/// ∂k = scale ∂sᵀ q (Dao et al. 2022, arXiv:2205.14135, appendix B). p is computed again from the logarithm of the row's sum.
/// </remarks>
internal static unsafe class HeadAttention
{
    /// <summary>Channels of a head: the default of diffusers.</summary>
    public const int Dim = 8;

    private const int Lanes = HeadBuffers.Lanes;

    private static readonly float Scale = 1 / MathF.Sqrt(Dim);

    /// <summary>o of one head; rows of q, o and of k, v are <paramref name="stride"/> floats apart.</summary>
    /// <param name="q"><c>[queries, 8]</c>.</param>
    /// <param name="k"><c>[keys, 8]</c>.</param>
    /// <param name="v"><c>[keys, 8]</c>.</param>
    /// <param name="o">Receives <c>[queries, 8]</c>.</param>
    /// <param name="logSums">Receives log Σ exp s of each query, or null.</param>
    /// <param name="queries">Number of queries.</param>
    /// <param name="keys">Number of keys.</param>
    /// <param name="stride">Floats from one position to the next.</param>
    /// <param name="buffers">Working memory for as many keys.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* q, float* k, float* v, float* o, float* logSums, int queries, int keys, nint stride, HeadBuffers buffers)
    {
        var scores = buffers.Scores;
        for (var first = 0; first < queries; first += Lanes)
        {
            var count = Math.Min(Lanes, queries - first);
            HeadBuffers.Pack(q + (first * stride), buffers.QueryRows, count, stride, Scale);
            HeadBuffers.Turn(buffers.QueryRows, buffers.Columns);
            var greatest = Scores(buffers.Columns, k, scores, keys, stride);
            var sum = Vector512<float>.Zero;
            Vector512<float> a = sum, b = sum, c = sum, d = sum, e = sum, f = sum, g = sum, h = sum;
            var row = v;
            for (var j = 0; j < keys; j++, row += stride)
            {
                var p = VectorMath.Exp(Vector512.Load(scores + ((nint)j * Lanes)) - greatest);
                sum += p;
                a = Vector512.FusedMultiplyAdd(p, Vector512.Create(row[0]), a);
                b = Vector512.FusedMultiplyAdd(p, Vector512.Create(row[1]), b);
                c = Vector512.FusedMultiplyAdd(p, Vector512.Create(row[2]), c);
                d = Vector512.FusedMultiplyAdd(p, Vector512.Create(row[3]), d);
                e = Vector512.FusedMultiplyAdd(p, Vector512.Create(row[4]), e);
                f = Vector512.FusedMultiplyAdd(p, Vector512.Create(row[5]), f);
                g = Vector512.FusedMultiplyAdd(p, Vector512.Create(row[6]), g);
                h = Vector512.FusedMultiplyAdd(p, Vector512.Create(row[7]), h);
            }

            var share = Vector512<float>.One / sum;
            Store(buffers.Columns, a * share, b * share, c * share, d * share, e * share, f * share, g * share, h * share);
            HeadBuffers.Unpack(buffers.Columns, o + (first * stride), count, stride, 1);
            if (logSums is null)
                continue;

            for (var lane = 0; lane < count; lane++)
                logSums[first + lane] = greatest[lane] + MathF.Log(sum[lane]);
        }
    }

    /// <summary>The gradients of one head, all with the strides of <see cref="Forward"/>.</summary>
    public static void Backward(in HeadGradients head, int queries, int keys, nint stride, HeadBuffers buffers)
    {
        for (var j = 0; j < keys; j++)
        {
            Vector256<float>.Zero.Store(head.KeyGradient + (j * stride));
            Vector256<float>.Zero.Store(head.ValueGradient + (j * stride));
        }

        for (var first = 0; first < queries; first += Lanes)
        {
            var count = Math.Min(Lanes, queries - first);
            var at = first * stride;
            HeadBuffers.Pack(head.Q + at, buffers.QueryRows, count, stride, Scale);
            HeadBuffers.Pack(head.OutputGradient + at, buffers.GradientRows, count, stride, 1);
            for (var lane = 0; lane < Lanes; lane++)
            {
                buffers.LogSums[lane] = lane < count ? head.LogSums[first + lane] : 0;
                buffers.Differences[lane] = lane < count ? Vector256.Dot(Vector256.Load(head.OutputGradient + at + (lane * stride)), Vector256.Load(head.O + at + (lane * stride))) : 0;
            }

            OfQueries(head.K, head.V, keys, stride, buffers);
            HeadBuffers.Unpack(buffers.Columns, head.QueryGradient + at, count, stride, Scale);
            OfKeys(buffers.Scores, buffers.GradientRows, head.ValueGradient, keys, stride);
            OfKeys(buffers.ScoreGradients, buffers.QueryRows, head.KeyGradient, keys, stride);
        }
    }

    // scores[j] = q k_j for 16 queries; gives the greatest of each.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<float> Scores(float* columns, float* k, float* scores, int keys, nint stride)
    {
        var greatest = Vector512.Create(float.NegativeInfinity);
        var (a, b, c, d) = (Vector512.Load(columns), Vector512.Load(columns + Lanes), Vector512.Load(columns + (2 * Lanes)), Vector512.Load(columns + (3 * Lanes)));
        columns += 4 * Lanes;
        var (e, f, g, h) = (Vector512.Load(columns), Vector512.Load(columns + Lanes), Vector512.Load(columns + (2 * Lanes)), Vector512.Load(columns + (3 * Lanes)));
        for (var j = 0; j < keys; j++, k += stride, scores += Lanes)
        {
            var s = Product(k, a, b, c, d, e, f, g, h);
            s.Store(scores);
            greatest = Vector512.MaxNative(greatest, s);
        }

        return greatest;
    }

    // p and ∂s / scale of 16 queries and all keys into the buffers, ∂q / scale into the columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OfQueries(float* k, float* v, int keys, nint stride, HeadBuffers buffers)
    {
        var p = buffers.Scores;
        var ds = buffers.ScoreGradients;
        var columns = buffers.Columns;
        var (logSums, difference) = (Vector512.Load(buffers.LogSums), Vector512.Load(buffers.Differences));
        HeadBuffers.Turn(buffers.QueryRows, columns);
        Scores(columns, k, p, keys, stride);
        HeadBuffers.Turn(buffers.GradientRows, columns);
        Scores(columns, v, ds, keys, stride);
        var a = Vector512<float>.Zero;
        Vector512<float> b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        for (var j = 0; j < keys; j++, k += stride, p += Lanes, ds += Lanes)
        {
            var share = VectorMath.Exp(Vector512.Load(p) - logSums);
            share.Store(p);
            var slope = share * (Vector512.Load(ds) - difference);
            slope.Store(ds);
            a = Vector512.FusedMultiplyAdd(slope, Vector512.Create(k[0]), a);
            b = Vector512.FusedMultiplyAdd(slope, Vector512.Create(k[1]), b);
            c = Vector512.FusedMultiplyAdd(slope, Vector512.Create(k[2]), c);
            d = Vector512.FusedMultiplyAdd(slope, Vector512.Create(k[3]), d);
            e = Vector512.FusedMultiplyAdd(slope, Vector512.Create(k[4]), e);
            f = Vector512.FusedMultiplyAdd(slope, Vector512.Create(k[5]), f);
            g = Vector512.FusedMultiplyAdd(slope, Vector512.Create(k[6]), g);
            h = Vector512.FusedMultiplyAdd(slope, Vector512.Create(k[7]), h);
        }

        Store(columns, a, b, c, d, e, f, g, h);
    }

    // target[j] += Σ over 16 queries of factors[j, query] rows[query]: four keys at a time, 8 channels a vector.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OfKeys(float* factors, float* rows, float* target, int keys, nint stride)
    {
        var j = 0;
        for (; j + 4 <= keys; j += 4, target += 4 * stride, factors += 4 * Lanes)
        {
            var (a, b) = (Vector256.Load(target), Vector256.Load(target + stride));
            var (c, d) = (Vector256.Load(target + (2 * stride)), Vector256.Load(target + (3 * stride)));
            for (var lane = 0; lane < Lanes; lane++)
            {
                var row = Vector256.Load(rows + (lane * Dim));
                a = Vector256.FusedMultiplyAdd(row, Vector256.Create(factors[lane]), a);
                b = Vector256.FusedMultiplyAdd(row, Vector256.Create(factors[Lanes + lane]), b);
                c = Vector256.FusedMultiplyAdd(row, Vector256.Create(factors[(2 * Lanes) + lane]), c);
                d = Vector256.FusedMultiplyAdd(row, Vector256.Create(factors[(3 * Lanes) + lane]), d);
            }

            a.Store(target);
            b.Store(target + stride);
            c.Store(target + (2 * stride));
            d.Store(target + (3 * stride));
        }

        for (; j < keys; j++, target += stride, factors += Lanes)
        {
            var sum = Vector256.Load(target);
            for (var lane = 0; lane < Lanes; lane++)
                sum = Vector256.FusedMultiplyAdd(Vector256.Load(rows + (lane * Dim)), Vector256.Create(factors[lane]), sum);
            sum.Store(target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Product(
        float* row, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, Vector512<float> e, Vector512<float> f, Vector512<float> g, Vector512<float> h)
    {
        var even = a * Vector512.Create(row[0]);
        var odd = b * Vector512.Create(row[1]);
        even = Vector512.FusedMultiplyAdd(c, Vector512.Create(row[2]), even);
        odd = Vector512.FusedMultiplyAdd(d, Vector512.Create(row[3]), odd);
        even = Vector512.FusedMultiplyAdd(e, Vector512.Create(row[4]), even);
        odd = Vector512.FusedMultiplyAdd(f, Vector512.Create(row[5]), odd);
        even = Vector512.FusedMultiplyAdd(g, Vector512.Create(row[6]), even);
        odd = Vector512.FusedMultiplyAdd(h, Vector512.Create(row[7]), odd);

        return even + odd;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        float* columns, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, Vector512<float> e, Vector512<float> f, Vector512<float> g, Vector512<float> h)
    {
        a.Store(columns);
        b.Store(columns + Lanes);
        c.Store(columns + (2 * Lanes));
        d.Store(columns + (3 * Lanes));
        e.Store(columns + (4 * Lanes));
        f.Store(columns + (5 * Lanes));
        g.Store(columns + (6 * Lanes));
        h.Store(columns + (7 * Lanes));
    }
}
