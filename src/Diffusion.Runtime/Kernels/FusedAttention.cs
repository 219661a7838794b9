using System;
using System.Runtime.Intrinsics;
using Diffusion.Runtime.Kernels.Attending;
using Diffusion.Runtime.Kernels.Products;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// softmax(q kᵀ / √d) v for all heads: by <see cref="HeadAttention"/> where heads have 8 channels and the machine has vectors of 16 floats,
/// otherwise by the library's operation. Both take gradients.
/// </summary>
internal static class FusedAttention
{
    private const long MostKeys = 4096;

    // Scores of one head that stay in a core's cache: up to here three plain products train faster in 16 bits than the library's operation, tenfold at 64 x 64.
    private const long FewScores = 1 << 17;

    private static readonly Lazy<bool> Works = new(SelfTest);

    private static readonly Lazy<bool> WideWorks = new(() => WideSelfTest(ScalarType.Float32, 1e-5, VectorAttention.Run));

    private static readonly Lazy<bool> PairsWork = new(() => PairProduct.IsSupported && WideSelfTest(ScalarType.BFloat16, 0.03, PairAttention.Run));

    /// <summary>Attention.</summary>
    /// <param name="q">Queries, <c>[N, Lq, heads · d]</c>.</param>
    /// <param name="k">Keys, <c>[N, L, heads · d]</c>.</param>
    /// <param name="v">Values, <c>[N, L, heads · d]</c>.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="bias">What is added to the scores, <c>[N, 1, 1, L]</c>, or null.</param>
    /// <returns><c>[N, Lq, heads · d]</c>.</returns>
    public static Tensor Attend(Tensor q, Tensor k, Tensor v, long heads, Tensor? bias = null) =>
        bias is null && Fits(q, k, v, heads) && Works.Value ? Vectors(q, k, v, heads)
        : FitsPairs(q, k, v, heads, bias) && PairsWork.Value ? PairAttention.Run(q, k, v, heads, bias)
        : FitsWide(q, k, v, heads, bias) && WideWorks.Value ? VectorAttention.Run(q, k, v, heads, bias)
        : Library(q, k, v, heads, bias);

    /// <summary>By the library, which knows more: a mask of any kind, positions that see none behind them, dropout. Where its operation is slow, by three of its products.</summary>
    internal static Tensor Library(Tensor q, Tensor k, Tensor v, long heads, Tensor? bias = null, bool causal = false, double dropout = 0)
    {
        if (q.device_type == TorchSharp.DeviceType.META)
            return empty_like(q);
        if (dropout == 0 && TrainsInHalf(q, k))
            return Products(q, k, v, heads, bias, causal);

        using var scope = NewDisposeScope();
        var mixed = F.scaled_dot_product_attention(Heads(q, heads), Heads(k, heads), Heads(v, heads), attn_mask: bias, p: dropout, is_casual: causal);

        return mixed.transpose(1, 2).reshape(q.Sizes()).MoveToOuterDisposeScope();
    }

    /// <summary>By plain products that hold the scores <c>[N, heads, Lq, L]</c>: the formula as it stands.</summary>
    private static Tensor Products(Tensor q, Tensor k, Tensor v, long heads, Tensor? bias, bool causal)
    {
        using var scope = NewDisposeScope();
        var scores = Arithmetic.Times(Heads(q, heads), 1 / Math.Sqrt(q.Sizes()[2] / heads)).matmul(Heads(k, heads).transpose(-1, -2));
        if (causal)
        {
            using TorchSharp.Scalar least = finfo(q.dtype).min;
            scores = Arithmetic.Plus(scores, full([q.Sizes()[1], k.Sizes()[1]], least, q.dtype, q.device).triu(1));
        }

        var mixed = (bias is null ? scores : Arithmetic.Plus(scores, bias)).softmax(-1).matmul(Heads(v, heads));

        return mixed.transpose(1, 2).reshape(q.Sizes()).MoveToOuterDisposeScope();
    }

    /// <summary>By vectors: float32 on the CPU, contiguous.</summary>
    internal static Tensor Vectors(Tensor q, Tensor k, Tensor v, long heads)
    {
        if (is_grad_enabled() && (q.requires_grad || k.requires_grad || v.requires_grad))
            return FusedAttentionFunction.apply(q, k, v, heads);

        var output = empty_like(q);
        Forward(q, k, v, output, logSums: null, heads);

        return output;
    }

    internal static unsafe void Forward(Tensor q, Tensor k, Tensor v, Tensor output, Tensor? logSums, long heads)
    {
        var shape = new AttentionShape(q, k, heads);
        var (qs, ks, vs, os, sums) = (Memory.Of(q), Memory.Of(k), Memory.Of(v), Memory.Of(output), logSums is null ? 0 : Memory.Of(logSums));
        Each(shape, gradients: false, (head, buffers) =>
        {
            var (atQuery, atKey) = (shape.QueryOffset(head), shape.KeyOffset(head));
            HeadAttention.Forward(
                (float*)qs + atQuery,
                (float*)ks + atKey,
                (float*)vs + atKey,
                (float*)os + atQuery,
                sums == 0 ? null : (float*)sums + ((nint)head * shape.Queries),
                shape.Queries,
                shape.Keys,
                shape.Stride,
                buffers);
        });
    }

    internal static unsafe void Backward(Tensor[] saved, Tensor gradient, Tensor[] gradients, long heads)
    {
        var shape = new AttentionShape(saved[0], saved[1], heads);
        var (q, k, v, o, sums) = (Memory.Of(saved[0]), Memory.Of(saved[1]), Memory.Of(saved[2]), Memory.Of(saved[3]), Memory.Of(saved[4]));
        var (g, dq, dk, dv) = (Memory.Of(gradient), Memory.Of(gradients[0]), Memory.Of(gradients[1]), Memory.Of(gradients[2]));
        Each(shape, gradients: true, (head, buffers) =>
        {
            var (atQuery, atKey) = (shape.QueryOffset(head), shape.KeyOffset(head));
            var pointers = new HeadGradients
            {
                Q = (float*)q + atQuery,
                K = (float*)k + atKey,
                V = (float*)v + atKey,
                O = (float*)o + atQuery,
                LogSums = (float*)sums + ((nint)head * shape.Queries),
                OutputGradient = (float*)g + atQuery,
                QueryGradient = (float*)dq + atQuery,
                KeyGradient = (float*)dk + atKey,
                ValueGradient = (float*)dv + atKey,
            };
            HeadAttention.Backward(in pointers, shape.Queries, shape.Keys, shape.Stride, buffers);
        });
    }

    private static Tensor Heads(Tensor tokens, long heads) => tokens.view(tokens.Sizes()[0], tokens.Sizes()[1], heads, tokens.Sizes()[2] / heads).transpose(1, 2);

    private static bool TrainsInHalf(Tensor q, Tensor k) =>
        is_grad_enabled() && q.device_type == TorchSharp.DeviceType.CPU && q.dtype is ScalarType.BFloat16 or ScalarType.Float16 && q.Sizes()[1] * k.Sizes()[1] <= FewScores;

    private static bool Fits(Tensor q, Tensor k, Tensor v, long heads) =>
        Vector512.IsHardwareAccelerated
        && q.device_type == TorchSharp.DeviceType.CPU && q.dtype == ScalarType.Float32
        && q.Sizes()[^1] == heads * HeadAttention.Dim && k.Sizes()[1] <= MostKeys && q.numel() > 0
        && q.is_contiguous() && k.is_contiguous() && v.is_contiguous();

    // Heads of any width, without gradients.
    private static bool FitsWide(Tensor q, Tensor k, Tensor v, long heads, Tensor? bias) =>
        q.dtype is ScalarType.Float32 or ScalarType.BFloat16 && VectorAttention.Fits(q.Sizes()[^1] / heads) && IsPlain(q, k, v, bias);

    private static bool FitsPairs(Tensor q, Tensor k, Tensor v, long heads, Tensor? bias) =>
        q.dtype == ScalarType.BFloat16 && PairAttention.Fits(q.Sizes()[^1] / heads) && IsPlain(q, k, v, bias);

    private static bool IsPlain(Tensor q, Tensor k, Tensor v, Tensor? bias) =>
        Vector512.IsHardwareAccelerated && !is_grad_enabled()
        && q.device_type == TorchSharp.DeviceType.CPU && k.dtype == q.dtype && v.dtype == q.dtype
        && q.numel() > 0 && k.numel() > 0
        && q.is_contiguous() && k.is_contiguous() && v.is_contiguous()
        && (bias is null || (bias.dim() == 4 && bias.Sizes()[1] == 1 && bias.Sizes()[2] == 1 && bias.Sizes()[3] == k.Sizes()[1]));

    // One block of heads for each thread, so that each has its working memory once.
    private static void Each(AttentionShape shape, bool gradients, Action<int, HeadBuffers> work) => TorchThreads.For(shape.Heads, TorchThreads.Most(shape.Work), (begin, end) =>
    {
        using var buffers = new HeadBuffers(shape.Keys, gradients);
        for (var head = begin; head < end; head++)
            work(head, buffers);
    });

    // On a machine where the vectors do not give what the library gives, they are not used.
    private static bool SelfTest()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        var (q, k, v) = (randn([1, 3, 16], generator: generator), randn([1, 21, 16], generator: generator), randn([1, 21, 16], generator: generator));

        return Vectors(q, k, v, 2).allclose(Library(q, k, v, 2), rtol: 1e-5, atol: 1e-5);
    }

    private static bool WideSelfTest(ScalarType type, double tolerance, Func<Tensor, Tensor, Tensor, long, Tensor?, Tensor> attend)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        var (q, k, v, bias) = (Draw(2, 35, 48), Draw(2, 21, 48), Draw(2, 21, 48), Draw(2, 1, 1, 21));

        return Wide(attend(q, k, v, 3, bias)).allclose(Library(Wide(q), Wide(k), Wide(v), 3, Wide(bias)), rtol: tolerance, atol: tolerance);

        Tensor Draw(params long[] shape) => randn(shape, generator: generator).to(type);
        Tensor Wide(Tensor tensor) => tensor.to(ScalarType.Float32);
    }
}
