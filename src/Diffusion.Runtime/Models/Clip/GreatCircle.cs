using Diffusion.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>The loss of CLIP guidance: half the squared angle between two embeddings.</summary>
/// <remarks>
/// The course calls 2 asin(‖u − v‖/2)² «great circle distance squared» (unit 2, notebook 1). The great circle distance of two points on the unit sphere
/// is their angle θ, so this is θ²/2: 0 where they agree, 1.233701 at a right angle, 4.934802 where they are opposite. It is computed as
/// θ = 2 atan2(‖u − v‖, ‖u + v‖), which has a finite gradient everywhere; the arc sine has none where the embeddings are opposite.
/// </remarks>
public static class GreatCircle
{
    /// <summary>θ²/2 of every pair, with its gradient.</summary>
    /// <param name="left">Embeddings [..., D] of any length but 0; they are brought to length 1.</param>
    /// <param name="right">As many, or one that broadcasts, [..., D].</param>
    /// <returns>[...], in [0, π²/2]; the caller's to dispose.</returns>
    public static Tensor HalfSquaredAngle(Tensor left, Tensor right)
    {
        using var scope = NewDisposeScope();
        var (u, v) = (nn.functional.normalize(left, dim: -1), nn.functional.normalize(right, dim: -1));
        var angle = Arithmetic.Times(atan2((u - v).norm(-1), Arithmetic.Plus(u, v).norm(-1)), 2);
        return Arithmetic.Over(Arithmetic.Square(angle), 2).MoveToOuterDisposeScope();
    }
}
