using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Metrics;

/// <summary>The Gaussian through a set of features; plain numbers, no native memory.</summary>
/// <param name="Mean">The mean of each feature, <c>[D]</c>.</param>
/// <param name="Covariance">The covariances, <c>[D, D]</c> row by row, divided by N − 1 as numpy's <c>cov</c> does.</param>
public sealed record FeatureStatistics(EquatableArray<double> Mean, EquatableArray<double> Covariance)
{
    /// <summary>The trace of the covariance: the variances of all features together.</summary>
    public double TotalVariance => Enumerable.Range(0, Mean.Count).Sum(i => Covariance[(i * Mean.Count) + i]);

    /// <summary>The statistics of a set of features, computed in float64.</summary>
    /// <param name="features">Shape <c>[N, D]</c>, floating point, on any device; N at least 2.</param>
    /// <exception cref="DiffusionException">DIF0410: another shape.</exception>
    public static FeatureStatistics Of(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.shape is not [>= 2, >= 1])
            throw Rules.InputShape.Error("the tensor of features", "[" + string.Join(", ", features.shape) + "]", "a covariance", "[N, D] with N of 2 or more", "give one row of features for each picture");

        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var rows = features.to(ScalarType.Float64).cpu();
        var mean = rows.mean([0], keepdim: true);
        var centred = rows - mean;
        var covariance = Arithmetic.Over(centred.t().matmul(centred), rows.shape[0] - 1);
        return new FeatureStatistics(mean.data<double>().ToArray().ToEquatableArray(), covariance.contiguous().data<double>().ToArray().ToEquatableArray());
    }
}
