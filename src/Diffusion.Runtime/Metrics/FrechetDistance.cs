using System;
using System.Linq;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Metrics;

/// <summary>
/// How far apart two sets of pictures are, by the Gaussians through their features: the squared Fréchet distance of Heusel et al. (2017), arXiv:1706.08500,
/// Eq. (6), d² = ‖m_1 − m_2‖² + tr(C_1 + C_2 − 2 (C_1 C_2)^½). With the features of an Inception network it is called FID.
/// </summary>
/// <remarks>
/// <para>
/// tr (C_1 C_2)^½ = tr (S_1 C_2 S_1)^½ with S_i = C_i^½, and that is the sum of the singular values of S_1 S_2. The roots come from eigenvalue decompositions,
/// eigenvalues below 0 being rounding and counted as 0; all in float64. Nothing is squared and rooted again, so sets with fewer samples than features lose no digits.
/// </para>
/// <para>
/// It is biased: two samples of one distribution are apart by more than 0, the more the fewer they are (Chong and Forsyth, 2019, arXiv:1911.07023). Compare only
/// distances of sets of the same size, and measure what two true samples of that size give.
/// </para>
/// </remarks>
public static class FrechetDistance
{
    /// <summary>The distance of two Gaussians.</summary>
    /// <param name="one">A mean and a covariance.</param>
    /// <param name="other">Another, of as many features.</param>
    /// <returns>d², at least 0, in squared units of the features.</returns>
    /// <exception cref="DiffusionException">DIF0410: the numbers of features differ.</exception>
    public static double Between(FeatureStatistics one, FeatureStatistics other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        Check("the first", one, one.Mean.Count);
        Check("the second", other, one.Mean.Count);
        Native.LibTorch.Require();
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var shift = one.Mean.Zip(other.Mean, (a, b) => (a - b) * (a - b)).Sum();
        var common = linalg.svdvals(Root(one).matmul(Root(other))).sum().item<double>();
        return Math.Max(0, shift + one.TotalVariance + other.TotalVariance - (2 * common));
    }

    /// <summary>The distance of two sets of features.</summary>
    /// <param name="one">Shape <c>[N, D]</c>, floating point, on any device; N at least 2.</param>
    /// <param name="other">Shape <c>[M, D]</c>; M at least 2.</param>
    /// <returns>d², at least 0, in squared units of the features.</returns>
    /// <exception cref="DiffusionException">DIF0410: a tensor has another shape, or the numbers of features differ.</exception>
    public static double Between(Tensor one, Tensor other) => Between(FeatureStatistics.Of(one), FeatureStatistics.Of(other));

    private static void Check(string which, FeatureStatistics statistics, int features)
    {
        if (statistics.Mean.Count != features)
            throw Rules.InputShape.Error(which + " mean", $"[{statistics.Mean.Count}]", "the Fréchet distance", $"[{features}]", "take both from the same features");
        if (statistics.Covariance.Count != features * features)
            throw Rules.InputShape.Error(which + " covariance", $"[{statistics.Covariance.Count}]", "the Fréchet distance", $"[{features} · {features}]", "give all covariances, row by row");
    }

    // C^½ = V √Λ Vᵀ.
    private static Tensor Root(FeatureStatistics statistics)
    {
        var features = statistics.Mean.Count;
        var (values, vectors) = linalg.eigh(tensor(statistics.Covariance.ToArray(), [features, features], ScalarType.Float64));
        return (vectors * values.relu().sqrt()).matmul(vectors.t());
    }
}
