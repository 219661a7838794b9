using System;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Tests.Noise;

public class NoiseScheduleTests
{
    [Theory]
    [InlineData("linear", 0, 0.9999)]
    [InlineData("linear", 499, 0.0785872)]
    [InlineData("linear", 999, 4.03583e-5)]
    [InlineData("stable-diffusion", 999, 0.00466010)]
    [InlineData("cosine", 499, 0.493844)]
    [InlineData("too-little-noise", 999, 0.0817976)]
    public void AlphaBarIsThePublishedFigure(string schedule, int timestep, double expected) =>
        Assert.Equal(1, Named(schedule).Curve().AlphaBar(timestep) / expected, 5e-6);

    [Fact]
    public void TheCosineScheduleEndsAtTheFloat32FigureOfDiffusers() =>
        Assert.Equal(1, NoiseSchedule.Cosine.Curve().AlphaBar(999) / 2.42877e-9, 1e-4);

    [Theory]
    [InlineData("linear", 259)]
    [InlineData("stable-diffusion", 354)]
    [InlineData("cosine", 496)]
    public void SignalAndNoiseCross(string schedule, int timestep)
    {
        var curve = Named(schedule).Curve();
        Assert.Equal(timestep, Enumerable.Range(0, curve.Count).First(t => curve.AlphaBar(t) < 0.5));
    }

    [Fact]
    public void StableDiffusionHasItsSigmas()
    {
        var curve = NoiseSchedule.StableDiffusion.Curve();
        Assert.Equal(14.61464, curve.Sigma(999), 1e-4);
        Assert.Equal(0.029167, curve.Sigma(0), 1e-6);
        Assert.Equal(0.004682, curve.Snr(999), 1e-6);
    }

    [Fact]
    public void ZeroTerminalSnrEndsAtExactlyZeroAndStartsWhereItDid()
    {
        var (plain, zero) = (NoiseSchedule.StableDiffusion.Curve(), NoiseSchedule.StableDiffusion.WithZeroTerminalSnr(true).Curve());
        Assert.Equal(0, zero.AlphaBar(999));
        Assert.Equal(plain.AlphaBar(0), zero.AlphaBar(0), 1e-7);
    }

    [Fact]
    public void GivenBetasAreUsedAsTheyAre() =>
        Assert.Equal(0.9 * 0.8, NoiseSchedule.Given(0.1, 0.2).Curve().AlphaBar(1), 1e-7);

    [Fact]
    public void PredictionsInvertEachOther()
    {
        foreach (var alphaBar in new[] { 0.9999, 0.5, 0.001 })
        {
            var (alpha, sigma) = (Math.Sqrt(alphaBar), Math.Sqrt(1 - alphaBar));
            const double clean = 0.3;
            const double noise = -1.7;
            var x = (alpha * clean) + (sigma * noise);
            foreach (var (prediction, m) in new[] { (PredictionType.Epsilon, noise), (PredictionType.Sample, clean), (PredictionType.VPrediction, (alpha * noise) - (sigma * clean)) })
            {
                var basis = PredictionBasis.Of(prediction, alphaBar);
                Assert.Equal(clean, (basis.P * x) + (basis.Q * m), 1e-9);
                Assert.Equal(noise, (basis.R * x) + (basis.S * m), 1e-9);
            }
        }
    }

    private static NoiseSchedule Named(string name) => name switch
    {
        "stable-diffusion" => NoiseSchedule.StableDiffusion,
        "cosine" => NoiseSchedule.Cosine,
        "too-little-noise" => NoiseSchedule.Linear.WithBetaStart(0.001).WithBetaEnd(0.004),
        _ => NoiseSchedule.Linear,
    };
}
