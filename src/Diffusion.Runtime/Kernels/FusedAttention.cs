using System;
using System.Runtime.Intrinsics;
using System.Threading.Tasks;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// softmax(q kᵀ / √d) v for all heads: by <see cref="HeadAttention"/> where heads have few channels and the machine has vectors of 16 floats,
/// otherwise by the library's operation. Both take gradients.
/// </summary>
internal static class FusedAttention
{
    // With more channels the library's blocked products win (measured: even at 16, a third slower at 32).
    private const long MostChannels = 8;
    private const long MostKeys = 4096;

    // Below this many multiplications one thread is done before a second one has started.
    private const long ParallelWork = 1 << 20;

    private static readonly Lazy<bool> Works = new(SelfTest);

    /// <summary>Attention.</summary>
    /// <param name="q">Queries, <c>[N, Lq, heads · d]</c>.</param>
    /// <param name="k">Keys, <c>[N, L, heads · d]</c>.</param>
    /// <param name="v">Values, <c>[N, L, heads · d]</c>.</param>
    /// <param name="heads">Number of heads.</param>
    /// <returns><c>[N, Lq, heads · d]</c>.</returns>
    public static Tensor Attend(Tensor q, Tensor k, Tensor v, long heads) =>
        Fits(q, k, v, heads) && Works.Value ? Vectors(q, k, v, heads) : Library(q, k, v, heads);

    /// <summary>By the library.</summary>
    internal static Tensor Library(Tensor q, Tensor k, Tensor v, long heads)
    {
        if (q.device_type == TorchSharp.DeviceType.META)
            return empty_like(q);

        using var scope = NewDisposeScope();
        var mixed = F.scaled_dot_product_attention(Heads(q), Heads(k), Heads(v));

        return mixed.transpose(1, 2).reshape(q.shape).MoveToOuterDisposeScope();

        Tensor Heads(Tensor tokens) => tokens.view(tokens.shape[0], tokens.shape[1], heads, tokens.shape[2] / heads).transpose(1, 2);
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
        var (qs, ks, vs, os, sums) = (Pointer(q), Pointer(k), Pointer(v), Pointer(output), logSums is null ? 0 : Pointer(logSums));
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
                shape.Dim,
                shape.Stride,
                buffers);
        });
    }

    internal static unsafe void Backward(Tensor[] saved, Tensor gradient, Tensor[] gradients, long heads)
    {
        var shape = new AttentionShape(saved[0], saved[1], heads);
        var (q, k, v, o, sums) = (Pointer(saved[0]), Pointer(saved[1]), Pointer(saved[2]), Pointer(saved[3]), Pointer(saved[4]));
        var (g, dq, dk, dv) = (Pointer(gradient), Pointer(gradients[0]), Pointer(gradients[1]), Pointer(gradients[2]));
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
            HeadAttention.Backward(in pointers, shape.Queries, shape.Keys, shape.Dim, shape.Stride, buffers);
        });
    }

    private static bool Fits(Tensor q, Tensor k, Tensor v, long heads)
    {
        var dim = q.shape[^1] / heads;

        return Vector512.IsHardwareAccelerated
            && q.device_type == TorchSharp.DeviceType.CPU && q.dtype == ScalarType.Float32
            && dim <= MostChannels && dim % 4 == 0 && k.shape[1] <= MostKeys && q.numel() > 0
            && q.is_contiguous() && k.is_contiguous() && v.is_contiguous();
    }

    // One block of heads for each thread, so that each has its working memory once.
    private static void Each(AttentionShape shape, bool gradients, Action<int, HeadBuffers> work)
    {
        var threads = shape.Work < ParallelWork ? 1 : Math.Min(get_num_threads(), shape.Heads);
        if (threads == 1)
            Block(0);
        else
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, Block);

        void Block(int thread)
        {
            using var buffers = new HeadBuffers(shape.Keys, shape.Dim, gradients);
            for (var head = (int)((long)shape.Heads * thread / threads); head < (int)((long)shape.Heads * (thread + 1) / threads); head++)
                work(head, buffers);
        }
    }

    private static unsafe nint Pointer(Tensor tensor)
    {
        // The memory is libtorch's and stays where it is.
        fixed (byte* bytes = tensor.bytes)
            return (nint)bytes;
    }

    // On a machine where the vectors do not give what the library gives, they are not used.
    private static bool SelfTest()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        var (q, k, v) = (randn([1, 3, 8], generator: generator), randn([1, 21, 8], generator: generator), randn([1, 21, 8], generator: generator));

        return Vectors(q, k, v, 2).allclose(Library(q, k, v, 2), rtol: 1e-5, atol: 1e-5);
    }
}
