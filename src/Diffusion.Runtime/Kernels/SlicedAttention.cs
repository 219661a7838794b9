using System;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels;

/// <summary>
/// Attention of a few heads at a time, so that the scores [heads at a time, Lq, L] and the copies of another type are those of a slice. The same result up to
/// rounding. Takes gradients.
/// </summary>
internal static class SlicedAttention
{
    /// <summary>Attention, in slices where that saves memory.</summary>
    /// <param name="q">Queries, <c>[N, Lq, heads · d]</c>.</param>
    /// <param name="k">Keys, <c>[N, L, heads · d]</c>.</param>
    /// <param name="v">Values, <c>[N, L, heads · d]</c>.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="slice">Heads at a time, of those of all samples together; null: all.</param>
    /// <param name="bias">What is added to the scores, <c>[N, 1, 1, L]</c>, or null.</param>
    /// <param name="upcasts">Whether scores are computed in float32 whatever the type of <paramref name="q"/>.</param>
    /// <returns><c>[N, Lq, heads · d]</c>, of the type of <paramref name="q"/>.</returns>
    public static Tensor Attend(Tensor q, Tensor k, Tensor v, long heads, long? slice, Tensor? bias = null, bool upcasts = false)
    {
        var converts = upcasts && q.dtype != ScalarType.Float32;
        return slice is { } few && few < heads * q.Sizes()[0] && (converts || HoldsScores(q))
            ? InSlices(q, k, v, heads, few, bias, converts)
            : Whole(q, k, v, heads, bias, converts);
    }

    /// <summary>Slice by slice, whether that saves anything or not. A slice never crosses from one sample to the next.</summary>
    internal static Tensor InSlices(Tensor q, Tensor k, Tensor v, long heads, long slice, Tensor? bias = null, bool converts = false)
    {
        var (output, width) = (empty_like(q), q.Sizes()[2] / heads);
        for (long sample = 0; sample < q.Sizes()[0]; sample++)
        {
            for (long head = 0; head < heads; head += slice)
            {
                var count = Math.Min(slice, heads - head);
                using var scope = NewDisposeScope();
                var mixed = Whole(Part(q), Part(k), Part(v), count, bias?.narrow(0, bias.Sizes()[0] == 1 ? 0 : sample, 1), converts);
                Part(output).copy_(mixed);

                Tensor Part(Tensor tokens) => tokens.narrow(0, sample, 1).narrow(2, head * width, count * width);
            }
        }

        return output;
    }

    // On a CPU neither the library nor our own kernel ever holds more scores than those of a few rows; what other devices do depends on them.
    private static bool HoldsScores(Tensor q) => q.device_type is not (TorchSharp.DeviceType.CPU or TorchSharp.DeviceType.META);

    private static Tensor Whole(Tensor q, Tensor k, Tensor v, long heads, Tensor? bias, bool converts)
    {
        if (!converts)
            return FusedAttention.Attend(q, k, v, heads, bias);

        using var scope = NewDisposeScope();
        var mixed = FusedAttention.Attend(q.to(ScalarType.Float32), k.to(ScalarType.Float32), v.to(ScalarType.Float32), heads, bias);

        return mixed.to(q.dtype).MoveToOuterDisposeScope();
    }
}
