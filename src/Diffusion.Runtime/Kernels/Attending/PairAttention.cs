using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Diffusion.Runtime.Kernels.Products;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Attending;

/// <summary>
/// <see cref="VectorAttention"/> in bfloat16: both products by <see cref="PairProduct"/>, scores, greatest and sum in float32, weights rounded before the second product.
/// </summary>
internal static unsafe class PairAttention
{
    private const int Queries = MatrixTile.Columns;
    private const int Lanes = 16;

    // Scores of a block of keys: 16 KB, which the first level of the cache holds beside the weights.
    private const int Keys = 128;

    private const float Log2E = 1.44269504f;

    // Less than any score; 2 to the power of what is left of it is 0, and the difference of two is a number.
    private const float Least = -1e30f;

    /// <summary>Whether a head is whole pairs.</summary>
    public static bool Fits(long dim) => dim % 2 == 0;

    /// <summary>Attention without gradients.</summary>
    /// <param name="q">Queries, <c>[N, Lq, heads · d]</c>, bfloat16, contiguous; d is even.</param>
    /// <param name="k">Keys, <c>[N, L, heads · d]</c>, of the same type.</param>
    /// <param name="v">Values, <c>[N, L, heads · d]</c>, of the same type.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="bias">What is added to the scores, <c>[N, 1, 1, L]</c>, or null.</param>
    /// <returns><c>[N, Lq, heads · d]</c>.</returns>
    public static Tensor Run(Tensor q, Tensor k, Tensor v, long heads, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var shape = new AttentionShape(q, k, heads);
        var dim = shape.Dim;
        var output = empty_like(q);
        var shifts = bias?.to(ScalarType.Float32).reshape(bias.Sizes()[0], -1).contiguous();
        var most = TorchThreads.Most(shape.Work);

        // Values channel by channel, an even number of keys, zeros behind the last one.
        var length = (shape.Keys + 1) / 2 * 2;
        var turned = empty((long)shape.Heads * dim * length, ScalarType.BFloat16);
        var (queries, keys, values, results) = (Memory.Address(q), Memory.Address(k), Memory.Address(v), Memory.Address(output));
        var (to, added) = (Memory.Address(turned), shifts is null ? 0 : Memory.Address(shifts));
        TorchThreads.For(shape.Heads, most, (begin, end) =>
        {
            for (nint head = begin; head < end; head++)
                HeadRows.TurnHalf((ushort*)values + shape.KeyOffset((int)head), shape.Stride, shape.Keys, dim, (ushort*)to + (head * dim * length), length);
        });

        var blocks = (shape.Queries + Queries - 1) / Queries;
        TorchThreads.For(shape.Heads * blocks, most, (begin, end) =>
        {
            using var scratch = new Scratch(Buffers.Size(dim));
            var buffers = new Buffers(scratch.Floats, dim);
            for (var item = begin; item < end; item++)
            {
                var (head, first) = (item / blocks, item % blocks * Queries);
                var count = Math.Min(Queries, shape.Queries - first);
                var from = shape.QueryOffset(head) + (first * shape.Stride);
                if (count < Queries)
                    new Span<float>(buffers.Queries, dim / 2 * Queries).Clear();
                Transposition.Run((float*)((ushort*)queries + from), shape.Stride / 2, count, dim / 2, buffers.Queries, Queries);
                var shift = added == 0 ? null : (float*)added + (head / (int)heads % shifts!.Sizes()[0] * shape.Keys);
                Block(buffers, (ushort*)keys + shape.KeyOffset(head), shape.Stride, (ushort*)to + ((nint)head * dim * length), length, shift, shape.Keys, dim);
                HeadRows.TurnBackHalf(buffers.Result, (ushort*)results + from, shape.Stride, count, dim, buffers.Rows);
            }
        });

        return output.MoveToOuterDisposeScope();
    }

    private static void Block(in Buffers buffers, ushort* keys, nint stride, ushort* values, int length, float* bias, int count, int dim)
    {
        buffers.Begin();
        var scale = Log2E / MathF.Sqrt(dim);
        for (var first = 0; first < count; first += Keys)
        {
            var block = Math.Min(Keys, count - first);
            PairProduct.Run(keys + (first * stride), stride, block, buffers.Queries, dim / 2, buffers.Scores);
            Softmax(buffers, block, scale, bias is null ? null : bias + first);
            PairProduct.Run(values + first, length, dim, (float*)buffers.Weights, (block + 1) / 2, buffers.Result, adds: true);
        }

        buffers.End();
    }

    // Scores to weights against the greatest score so far; what was summed before is scaled to it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Softmax(in Buffers buffers, int keys, float scale, float* bias)
    {
        float* scores = buffers.Scores, state = buffers.State;
        if (bias is not null)
            AddBias(scores, keys, bias, Log2E / scale);
        var (old0, old1) = (Vector512.Load(state), Vector512.Load(state + Lanes));
        var (top0, top1) = (old0, old1);
        for (var key = 0; key < keys; key++)
        {
            var row = scores + (key * Queries);
            (top0, top1) = (Vector512.MaxNative(top0, Vector512.Load(row)), Vector512.MaxNative(top1, Vector512.Load(row + Lanes)));
        }

        top0.Store(state);
        top1.Store(state + Lanes);

        // The fellow of a last key alone weighs nothing.
        if (keys % 2 != 0)
            new Span<float>(scores + (keys * Queries), Queries).Fill(Least);
        var factor = Vector512.Create(scale);
        var (scale0, scale1) = (VectorMath.CoarseExp2((old0 - top0) * factor), VectorMath.CoarseExp2((old1 - top1) * factor));
        var (sum0, sum1) = (Vector512.Load(state + Queries) * scale0, Vector512.Load(state + Queries + Lanes) * scale1);
        var (shift0, shift1) = (-top0 * factor, -top1 * factor);
        for (var key = 0; key < keys; key += 2)
        {
            var row = scores + (key * Queries);
            var p0 = VectorMath.CoarseExp2(Vector512.FusedMultiplyAdd(Vector512.Load(row), factor, shift0));
            var p1 = VectorMath.CoarseExp2(Vector512.FusedMultiplyAdd(Vector512.Load(row + Lanes), factor, shift1));
            var q0 = VectorMath.CoarseExp2(Vector512.FusedMultiplyAdd(Vector512.Load(row + Queries), factor, shift0));
            var q1 = VectorMath.CoarseExp2(Vector512.FusedMultiplyAdd(Vector512.Load(row + Queries + Lanes), factor, shift1));
            (sum0, sum1) = (sum0 + p0 + q0, sum1 + p1 + q1);
            BFloat16s.StorePairs(p0, q0, buffers.Weights + (key * Queries));
            BFloat16s.StorePairs(p1, q1, buffers.Weights + (key * Queries) + (2 * Lanes));
        }

        sum0.Store(state + Queries);
        sum1.Store(state + Queries + Lanes);
        buffers.ScaleResult(scale0, scale1);
    }

    // −∞ would give NaN where it is all there is.
    private static void AddBias(float* scores, int keys, float* bias, float factor)
    {
        for (var key = 0; key < keys; key++, scores += Queries)
        {
            var shift = Vector512.Create(Math.Max(bias[key] * factor, Least));
            (Vector512.Load(scores) + shift).Store(scores);
            (Vector512.Load(scores + Lanes) + shift).Store(scores + Lanes);
        }
    }

    // Working memory of 32 queries.
    private readonly struct Buffers(float* floats, int dim)
    {
        public float* Queries { get; } = floats;

        // [d, 32]
        public float* Result { get; } = floats + (dim / 2 * PairAttention.Queries);

        // [keys, 32]
        public float* Scores { get; } = floats + ((dim / 2) + dim) * PairAttention.Queries;

        // [keys / 2, 32, 2]
        public ushort* Weights { get; } = (ushort*)(floats + ((dim / 2) + dim + Keys) * PairAttention.Queries);

        // Greatest score and sum of each query.
        public float* State { get; } = floats + ((dim / 2) + dim + Keys + (Keys / 2)) * PairAttention.Queries;

        // [32, d]
        public float* Rows { get; } = floats + ((dim / 2) + dim + Keys + (Keys / 2) + 2) * PairAttention.Queries;

        public static long Size(int dim) => ((dim / 2) + dim + Keys + (Keys / 2) + 2 + dim) * PairAttention.Queries;

        public void Begin()
        {
            new Span<float>(Result, dim * PairAttention.Queries).Clear();
            new Span<float>(State, PairAttention.Queries).Fill(Least);
            new Span<float>(State + PairAttention.Queries, PairAttention.Queries).Clear();
        }

        public void End() => ScaleResult(
            Vector512<float>.One / Vector512.Load(State + PairAttention.Queries), Vector512<float>.One / Vector512.Load(State + PairAttention.Queries + Lanes));

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void ScaleResult(Vector512<float> left, Vector512<float> right)
        {
            for (var channel = 0; channel < dim; channel++)
            {
                var row = Result + (channel * PairAttention.Queries);
                (Vector512.Load(row) * left).Store(row);
                (Vector512.Load(row + Lanes) * right).Store(row + Lanes);
            }
        }
    }
}
