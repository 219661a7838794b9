using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// Attention over one head of few channels, forward and backward, on vectors of 16 keys at a time. Matrix products by a library waste such heads:
/// with 8 channels the softmax between the products is most of the work.
/// </summary>
/// <remarks>
/// s = scale q kᵀ, p = softmax(s), o = p v. Backward, with g = ∂/∂o and D = g · o: ∂v = pᵀ g, ∂s = p ∘ (g vᵀ − D), ∂q = scale ∂s k,
/// ∂k = scale ∂sᵀ q (Dao et al. 2022, arXiv:2205.14135, appendix B). p is computed again from the logarithm of the row's sum.
/// </remarks>
internal static unsafe class HeadAttention
{
    // Subtracted from the scores of the padding, so that its share is nothing.
    private const float Masked = -1e30f;

    /// <summary>o of one head; rows of q, o and of k, v are <paramref name="stride"/> floats apart.</summary>
    /// <param name="q"><c>[queries, dim]</c>.</param>
    /// <param name="k"><c>[keys, dim]</c>.</param>
    /// <param name="v"><c>[keys, dim]</c>.</param>
    /// <param name="o">Receives <c>[queries, dim]</c>.</param>
    /// <param name="logSums">Receives log Σ exp s of each query, or null.</param>
    /// <param name="queries">Number of queries.</param>
    /// <param name="keys">Number of keys.</param>
    /// <param name="dim">Channels, a multiple of 4.</param>
    /// <param name="stride">Floats from one position to the next.</param>
    /// <param name="buffers">Working memory for as many keys and channels.</param>
    public static void Forward(float* q, float* k, float* v, float* o, float* logSums, int queries, int keys, int dim, nint stride, HeadBuffers buffers)
    {
        var padded = buffers.Padded;
        var scale = 1 / MathF.Sqrt(dim);
        var row = buffers.Scores;
        var columns = buffers.Values;
        buffers.Transpose(k, buffers.Keys, keys, dim, stride);
        buffers.Transpose(v, buffers.Values, keys, dim, stride);
        for (var i = 0; i < queries; i++, q += stride, o += stride)
        {
            var greatest = VectorMath.Max(Scores(q, scale, buffers.Keys, row, keys, dim, padded));
            var shift = Vector512.Create(greatest);
            var total = Vector512<float>.Zero;
            for (var j = 0; j < padded; j += 16)
            {
                var e = VectorMath.Exp(Vector512.Load(row + j) - shift);
                e.Store(row + j);
                total += e;
            }

            var sum = Vector512.Sum(total);
            if (logSums is not null)
                logSums[i] = greatest + MathF.Log(sum);
            for (var c = 0; c < dim; c += 4)
                (Dot4(row, columns + ((nint)c * padded), padded) * (1 / sum)).Store(o + c);
        }
    }

    /// <summary>The gradients of one head, all with the strides of <see cref="Forward"/>.</summary>
    public static void Backward(in HeadGradients head, int queries, int keys, int dim, nint stride, HeadBuffers buffers)
    {
        var padded = buffers.Padded;
        var scale = 1 / MathF.Sqrt(dim);
        var p = buffers.Scores;
        var ds = buffers.ScoreGradients;
        buffers.Transpose(head.K, buffers.Keys, keys, dim, stride);
        buffers.Transpose(head.V, buffers.Values, keys, dim, stride);
        new Span<float>(buffers.KeyGradients, dim * padded).Clear();
        new Span<float>(buffers.ValueGradients, dim * padded).Clear();
        for (var i = 0; i < queries; i++)
        {
            var q = head.Q + (i * stride);
            var o = head.O + (i * stride);
            var g = head.OutputGradient + (i * stride);
            Scores(q, scale, buffers.Keys, p, keys, dim, padded);
            Scores(g, 1, buffers.Values, ds, padded, dim, padded);
            var difference = 0f;
            for (var c = 0; c < dim; c++)
                difference += g[c] * o[c];
            var (logSum, shift) = (Vector512.Create(head.LogSums[i]), Vector512.Create(difference));
            for (var j = 0; j < padded; j += 16)
            {
                var share = VectorMath.Exp(Vector512.Load(p + j) - logSum);
                share.Store(p + j);
                (share * (Vector512.Load(ds + j) - shift) * scale).Store(ds + j);
            }

            for (var c = 0; c < dim; c += 4)
            {
                Dot4(ds, buffers.Keys + ((nint)c * padded), padded).Store(head.QueryGradient + (i * stride) + c);
                Add4(ds, q + c, buffers.KeyGradients + ((nint)c * padded), padded);
                Add4(p, g + c, buffers.ValueGradients + ((nint)c * padded), padded);
            }
        }

        buffers.TransposeBack(buffers.KeyGradients, head.KeyGradient, keys, dim, stride);
        buffers.TransposeBack(buffers.ValueGradients, head.ValueGradient, keys, dim, stride);
    }

    // row[j] = scale Σ_c x[c] columns[c, j], the padding masked; gives the greatest of each lane.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<float> Scores(float* x, float scale, float* columns, float* row, int count, int dim, int padded)
    {
        var greatest = Vector512.Create(Masked);
        var j = 0;
        for (; j + 64 <= padded; j += 64)
        {
            var (a, b, c, d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
            var column = columns + j;
            for (var channel = 0; channel < dim; channel++, column += padded)
            {
                var factor = Vector512.Create(x[channel] * scale);
                a = Vector512.FusedMultiplyAdd(factor, Vector512.Load(column), a);
                b = Vector512.FusedMultiplyAdd(factor, Vector512.Load(column + 16), b);
                c = Vector512.FusedMultiplyAdd(factor, Vector512.Load(column + 32), c);
                d = Vector512.FusedMultiplyAdd(factor, Vector512.Load(column + 48), d);
            }

            a.Store(row + j);
            b.Store(row + j + 16);
            c.Store(row + j + 32);
            d.Store(row + j + 48);
        }

        for (; j < padded; j += 16)
        {
            var a = Vector512<float>.Zero;
            var column = columns + j;
            for (var channel = 0; channel < dim; channel++, column += padded)
                a = Vector512.FusedMultiplyAdd(Vector512.Create(x[channel] * scale), Vector512.Load(column), a);
            a.Store(row + j);
        }

        for (j = count; j < padded; j++)
            row[j] = Masked;
        for (j = 0; j < padded; j += 16)
            greatest = Vector512.Max(greatest, Vector512.Load(row + j));

        return greatest;
    }

    // Σ_j row[j] columns[c, j] for four neighbouring c.
    private static Vector128<float> Dot4(float* row, float* columns, int padded)
    {
        var (a, b, c, d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        for (var j = 0; j < padded; j += 16)
        {
            var factor = Vector512.Load(row + j);
            a = Vector512.FusedMultiplyAdd(factor, Vector512.Load(columns + j), a);
            b = Vector512.FusedMultiplyAdd(factor, Vector512.Load(columns + padded + j), b);
            c = Vector512.FusedMultiplyAdd(factor, Vector512.Load(columns + (2 * padded) + j), c);
            d = Vector512.FusedMultiplyAdd(factor, Vector512.Load(columns + (3 * padded) + j), d);
        }

        return Vector128.Create(Vector512.Sum(a), Vector512.Sum(b), Vector512.Sum(c), Vector512.Sum(d));
    }

    // columns[c, j] += row[j] x[c] for four neighbouring c.
    private static void Add4(float* row, float* x, float* columns, int padded)
    {
        var (a, b, c, d) = (Vector512.Create(x[0]), Vector512.Create(x[1]), Vector512.Create(x[2]), Vector512.Create(x[3]));
        for (var j = 0; j < padded; j += 16)
        {
            var factor = Vector512.Load(row + j);
            var column = columns + j;
            Vector512.FusedMultiplyAdd(factor, a, Vector512.Load(column)).Store(column);
            column += padded;
            Vector512.FusedMultiplyAdd(factor, b, Vector512.Load(column)).Store(column);
            column += padded;
            Vector512.FusedMultiplyAdd(factor, c, Vector512.Load(column)).Store(column);
            column += padded;
            Vector512.FusedMultiplyAdd(factor, d, Vector512.Load(column)).Store(column);
        }
    }
}
