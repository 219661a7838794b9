using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Diffusion.Runtime.Kernels.Products;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Attending;

/// <summary>
/// softmax(q kᵀ / √d + bias) v of all heads without a matrix of scores: 32 queries at a time pass blocks of keys, and the sum is scaled anew where a greater score comes
/// (Dao et al. 2022, arXiv:2205.14135, algorithm 1). Queries lie across the vectors, so that neither product nor softmax sums across one.
/// </summary>
internal static unsafe class VectorAttention
{
    private const int Queries = MatrixTile.Columns;
    private const int Rows = MatrixTile.Rows;

    // Scores of a block of keys: 16 KB, which the first level of the cache holds beside the keys or the values.
    private const int Keys = 128;

    private const float Log2E = 1.44269504f;

    /// <summary>Whether these heads are whole tiles.</summary>
    public static bool Fits(long dim) => dim % Rows == 0;

    /// <summary>Attention without gradients.</summary>
    /// <param name="q">Queries, <c>[N, Lq, heads · d]</c>, float32 or bfloat16, contiguous; d is a multiple of 8.</param>
    /// <param name="k">Keys, <c>[N, L, heads · d]</c>, of the same type.</param>
    /// <param name="v">Values, <c>[N, L, heads · d]</c>, of the same type.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="bias">What is added to the scores, <c>[N, 1, 1, L]</c>, or null.</param>
    /// <returns><c>[N, Lq, heads · d]</c>.</returns>
    public static Tensor Run(Tensor q, Tensor k, Tensor v, long heads, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var shape = new AttentionShape(q, k, heads);
        var (isHalf, dim) = (q.dtype == ScalarType.BFloat16, shape.Dim);
        var output = empty_like(q);
        var shifts = bias?.to(ScalarType.Float32).reshape(bias.Sizes()[0], -1).contiguous();
        var most = TorchThreads.Most(shape.Work);

        // Keys position by position, values channel by channel, each head in one run of memory.
        var size = (nint)shape.Keys * dim;
        var packed = empty(2L * shape.Heads * size);
        var (queries, keys, values, results) = (Memory.Address(q), Memory.Address(k), Memory.Address(v), Memory.Address(output));
        var (to, added) = (Memory.Address(packed), shifts is null ? 0 : Memory.Address(shifts));
        TorchThreads.For(shape.Heads, most, (begin, end) =>
        {
            for (var head = begin; head < end; head++)
            {
                var at = (float*)to + (2 * head * size);
                HeadRows.Pack(keys, shape.KeyOffset(head), shape.Stride, shape.Keys, dim, isHalf, at);
                HeadRows.Turn(values, shape.KeyOffset(head), shape.Stride, shape.Keys, dim, isHalf, at + size, shape.Keys);
            }
        });

        var blocks = (shape.Queries + Queries - 1) / Queries;
        TorchThreads.For(shape.Heads * blocks, most, (begin, end) =>
        {
            using var scratch = new Scratch(((2 * dim) + Keys + 2) * Queries);
            var buffers = scratch.Floats;
            for (var item = begin; item < end; item++)
            {
                var (head, first) = (item / blocks, item % blocks * Queries);
                var count = Math.Min(Queries, shape.Queries - first);
                var from = shape.QueryOffset(head) + (first * shape.Stride);
                var at = (float*)to + (2 * head * size);
                HeadRows.Turn(queries, from, shape.Stride, count, dim, isHalf, buffers, Queries);
                Scale(buffers, dim, Log2E / MathF.Sqrt(dim));
                Block(buffers, at, at + size, added == 0 ? null : (float*)added + ((nint)(head / heads) % shifts!.Sizes()[0] * shape.Keys), shape.Keys, dim);
                HeadRows.TurnBack(buffers + (dim * Queries), results, from, shape.Stride, count, dim, isHalf);
            }
        });

        return output.MoveToOuterDisposeScope();
    }

    // 32 queries: buffers [d, 32] of them, [d, 32] for the result, scores [keys, 32], greatest and sum.
    private static void Block(float* buffers, float* keys, float* values, float* bias, int count, int dim)
    {
        var result = buffers + (dim * Queries);
        var scores = result + (dim * Queries);
        var state = scores + (Keys * Queries);
        new Span<float>(result, dim * Queries).Clear();
        new Span<float>(state, Queries).Fill(float.NegativeInfinity);
        new Span<float>(state + Queries, Queries).Clear();
        for (var first = 0; first < count; first += Keys)
        {
            var block = Math.Min(Keys, count - first);
            PanelProduct.Run(keys + ((nint)first * dim), dim, block, buffers, dim, start: null, scores, Queries);
            Softmax(scores, block, bias is null ? null : bias + first, state, result, dim);
            PanelProduct.Run(values + first, count, dim, scores, block, start: null, result, Queries, adds: true);
        }

        Divide(result, state + Queries, dim);
    }

    // Scores to weights against the greatest score so far; what was summed before is scaled to it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Softmax(float* scores, int keys, float* bias, float* state, float* result, int dim)
    {
        var (old0, old1) = (Vector512.Load(state), Vector512.Load(state + 16));
        var (top0, top1) = (old0, old1);
        for (var key = 0; key < keys; key++)
        {
            var row = scores + (key * Queries);
            var (s0, s1) = (Vector512.Load(row), Vector512.Load(row + 16));
            if (bias is not null)
            {
                // −∞ would give NaN where it is all there is.
                var shift = Vector512.Create(Math.Max(bias[key] * Log2E, -1e30f));
                (s0, s1) = (s0 + shift, s1 + shift);
                s0.Store(row);
                s1.Store(row + 16);
            }

            (top0, top1) = (Vector512.MaxNative(top0, s0), Vector512.MaxNative(top1, s1));
        }

        var (scale0, scale1) = (VectorMath.Exp2(old0 - top0), VectorMath.Exp2(old1 - top1));
        var (sum0, sum1) = (Vector512.Load(state + 32) * scale0, Vector512.Load(state + 48) * scale1);
        top0.Store(state);
        top1.Store(state + 16);
        for (var key = 0; key < keys; key++)
        {
            var row = scores + (key * Queries);
            var (p0, p1) = (VectorMath.Exp2(Vector512.Load(row) - top0), VectorMath.Exp2(Vector512.Load(row + 16) - top1));
            (sum0, sum1) = (sum0 + p0, sum1 + p1);
            p0.Store(row);
            p1.Store(row + 16);
        }

        sum0.Store(state + 32);
        sum1.Store(state + 48);
        for (var channel = 0; channel < dim; channel++)
        {
            var row = result + (channel * Queries);
            (Vector512.Load(row) * scale0).Store(row);
            (Vector512.Load(row + 16) * scale1).Store(row + 16);
        }
    }

    private static void Scale(float* queries, int dim, float factor)
    {
        for (var channel = 0; channel < dim; channel++, queries += Queries)
        {
            (Vector512.Load(queries) * factor).Store(queries);
            (Vector512.Load(queries + 16) * factor).Store(queries + 16);
        }
    }

    private static void Divide(float* result, float* sums, int dim)
    {
        var (share0, share1) = (Vector512<float>.One / Vector512.Load(sums), Vector512<float>.One / Vector512.Load(sums + 16));
        for (var channel = 0; channel < dim; channel++)
        {
            var row = result + (channel * Queries);
            (Vector512.Load(row) * share0).Store(row);
            (Vector512.Load(row + 16) * share1).Store(row + 16);
        }
    }
}
