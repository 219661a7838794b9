using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Training;

public sealed class ObjectiveLossTests
{
    [Theory]
    [InlineData(PredictionType.Epsilon)]
    [InlineData(PredictionType.Sample)]
    [InlineData(PredictionType.VPrediction)]
    [InlineData(PredictionType.Flow)]
    public void AnExactNetworkHasNoLoss(PredictionType type)
    {
        using var scope = NewDisposeScope();
        var curve = NoiseSchedule.Linear.Curve();
        using var objective = new ObjectiveLoss(new Objective(type), NoiseSchedule.Linear);
        using var random = new Generator(1);
        var clean = randn(64, 1, 4, 4, generator: random);
        var seen = zeros(0, dtype: ScalarType.Int64);
        var loss = objective.Loss(
            (noisy, timesteps) =>
            {
                seen = timesteps;

                // The exact network knows the clean samples, and so the noise.
                var levels = timesteps.data<long>().ToArray().Select(t => NoiseLevel.OfAlphaBar(curve.AlphaBar((int)t))).ToArray();
                var targets = levels.Select(level => TrainingTarget.Of(type, level)).ToArray();
                var noise = (noisy.to(ScalarType.Float64) - (Column(levels.Select(level => level.Alpha)) * clean)) / Column(levels.Select(level => level.Sigma));
                return ((Column(targets.Select(target => target.Clean)) * clean) + (Column(targets.Select(target => target.Noise)) * noise)).to(ScalarType.Float32);
            },
            clean,
            random);
        Assert.Equal(0, loss.item<float>(), tolerance: 1e-9f);
        Assert.InRange(seen.data<long>().ToArray().Distinct().Count(), 50, 64);

        static Tensor Column(System.Collections.Generic.IEnumerable<double> values) => tensor(values.ToArray()).view(-1, 1, 1, 1);
    }

    [Fact]
    public void TheLossIsTheMeanOfTheSamplesWeightedErrors()
    {
        using var scope = NewDisposeScope();
        var definition = Objectives.Velocity.WithWeighting(Weightings.MinSnr(5));
        var curve = NoiseSchedule.StableDiffusion.Curve();
        using var objective = new ObjectiveLoss(definition, NoiseSchedule.StableDiffusion);
        var (clean, noise, timesteps) = (randn(3, 2, 5, generator: new Generator(1)), randn(3, 2, 5, generator: new Generator(2)), tensor(new long[] { 0, 400, 999 }));
        var loss = objective.Loss((x, t) => x * 0.5, clean, noise, timesteps);
        var noisy = ForwardProcess.AddNoise(curve, clean, noise, timesteps);
        var errors = (noisy * 0.5 - ForwardProcess.Velocity(curve, clean, noise, timesteps)).square().mean([1, 2]).data<float>().ToArray();
        var expected = errors.Zip(new[] { 0, 400, 999 }, (error, t) => error * definition.WeightAt(curve, t)).Average();
        Assert.Equal(expected, loss.item<float>(), tolerance: 1e-6);
    }

    [Fact]
    public void TheSameSeedGivesTheSameLoss()
    {
        using var scope = NewDisposeScope();
        using var objective = new ObjectiveLoss(Objectives.Epsilon, NoiseSchedule.Linear);
        var clean = randn(4, 1, 4, 4, generator: new Generator(1));
        float Loss(ulong seed) => objective.Loss((x, t) => x, clean, new Generator(seed)).item<float>();
        Assert.Equal(Loss(7), Loss(7));
        Assert.NotEqual(Loss(7), Loss(8));
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        using var scope = NewDisposeScope();
        using var objective = new ObjectiveLoss(Objectives.Epsilon, NoiseSchedule.Linear);
        string Id(Tensor clean, Tensor noise, long[] timesteps, Tensor output) =>
            Assert.Throws<DiffusionException>(() => objective.Loss((x, t) => output, clean, noise, tensor(timesteps))).Id;

        Assert.Equal("DIF0410", Id(zeros(2, 1), zeros(2, 2), [1, 2], zeros(2, 1)));
        Assert.Equal("DIF0410", Id(zeros(2, 1), zeros(2, 1), [1], zeros(2, 1)));
        Assert.Equal("DIF0410", Id(zeros(2, 1), zeros(2, 1), [1, 2], zeros(2, 2)));
        Assert.Equal("DIF0412", Id(zeros(2, 1), zeros(2, 1), [1, 1000], zeros(2, 1)));
        Assert.Equal("DIF0412", Id(zeros(2, 1), zeros(2, 1), [-1, 0], zeros(2, 1)));
        Assert.Equal("DIF0220", Assert.Throws<DiffusionException>(() => new ObjectiveLoss(Objectives.Epsilon.WithWeighting(Weightings.MinSnr(-1)), NoiseSchedule.Linear)).Id);
    }
}
