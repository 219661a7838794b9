using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Metrics;

public sealed class FrechetDistanceTests
{
    [Theory]
    [InlineData(400, 64)]
    [InlineData(40, 64)] // fewer samples than features: half of the eigenvalues are 0
    public void ASetIsNotApartFromItself(int samples, int features)
    {
        using var scope = NewDisposeScope();
        var set = randn(samples, features, generator: new Generator(1)).relu();
        Assert.Equal(0, FrechetDistance.Between(set, set.clone()), tolerance: 1e-10);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(40)]
    public void ItIsTheSameInBothDirections(int samples)
    {
        using var scope = NewDisposeScope();
        var (one, other) = (randn(samples, 64, generator: new Generator(1)), rand(samples, 64, generator: new Generator(2)));
        var distance = FrechetDistance.Between(one, other);
        Assert.InRange(distance, 10, 100);
        Assert.Equal(distance, FrechetDistance.Between(other, one), tolerance: 1e-10);
    }

    [Fact]
    public void IndependentFeaturesAreApartByMeansAndDeviations()
    {
        // d² = Σ (m_1 − m_2)² + (s_1 − s_2)² where the covariances are diagonal.
        var one = Gaussian([1, 2, 0], [4, 0, 0, 0, 9, 0, 0, 0, 0]);
        var other = Gaussian([3, 2, 0], [1, 0, 0, 0, 25, 0, 0, 0, 0.25]);
        Assert.Equal(4 + 1 + 4 + 0.25, FrechetDistance.Between(one, other), tolerance: 1e-12);
    }

    [Fact]
    public void TwoCorrelatedFeaturesAreTheClosedForm()
    {
        // For 2 x 2 matrices tr √M = √(tr M + 2 √det M); C_1 and C_2 do not commute.
        double[] one = [2, 0.9, 0.9, 1];
        double[] other = [1, -0.4, -0.4, 3];
        var trace = (one[0] * other[0]) + (one[1] * other[2]) + (one[2] * other[1]) + (one[3] * other[3]);
        var determinant = ((one[0] * one[3]) - (one[1] * one[2])) * ((other[0] * other[3]) - (other[1] * other[2]));
        var expected = 0.25 + 3 + 4 - (2 * Math.Sqrt(trace + (2 * Math.Sqrt(determinant))));
        var distance = FrechetDistance.Between(Gaussian([0, 0.5], one), Gaussian([0, 0], other));
        Assert.Equal(expected, distance, tolerance: 1e-12);
    }

    [Fact]
    public void MovingASetCountsItsWaySquared()
    {
        using var scope = NewDisposeScope();
        var set = randn([50, 8], ScalarType.Float64, generator: new Generator(1));
        Assert.Equal(8 * 0.25, FrechetDistance.Between(set, set + 0.5), tolerance: 1e-12);
    }

    [Fact]
    public void SamplesOfOneDistributionComeCloserTheMoreThereAre()
    {
        using var scope = NewDisposeScope();
        double Apart(int samples) => FrechetDistance.Between(randn(samples, 16, generator: new Generator(1)), randn(samples, 16, generator: new Generator(2)));
        var distances = new[] { 32, 128, 512, 2048 }.Select(Apart).ToArray();
        Assert.Equal(distances.OrderDescending(), distances);
        Assert.InRange(distances[0], 1, 10);
        Assert.InRange(distances[^1], 0, 0.1);
    }

    [Fact]
    public void TheStatisticsAreNumpysMeanAndCov()
    {
        using var scope = NewDisposeScope();
        var statistics = FeatureStatistics.Of(tensor(new[,] { { 1f, 2f }, { 3f, 0f }, { 5f, 1f } }));
        Assert.Equal(Gaussian([3, 1], [4, -1, -1, 1]), statistics);
        Assert.Equal(5, statistics.TotalVariance);
    }

    [Fact]
    public void WhatCannotBeComparedIsRefused()
    {
        using var scope = NewDisposeScope();
        string Id(Action act) => Assert.Throws<DiffusionException>(act).Id;
        Assert.Equal("DIF0410", Id(() => FeatureStatistics.Of(zeros(1, 4))));
        Assert.Equal("DIF0410", Id(() => FeatureStatistics.Of(zeros(4))));
        Assert.Equal("DIF0410", Id(() => FrechetDistance.Between(zeros(4, 2), zeros(4, 3))));
        Assert.Equal("DIF0410", Id(() => FrechetDistance.Between(Gaussian([0, 0], [1, 0, 1]), Gaussian([0, 0], [1, 0, 0, 1]))));
    }

    private static FeatureStatistics Gaussian(double[] mean, double[] covariance) => new(mean.ToEquatableArray(), covariance.ToEquatableArray());
}
