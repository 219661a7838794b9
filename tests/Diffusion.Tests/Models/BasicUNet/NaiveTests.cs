using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models.BasicUNet;

public sealed class NaiveTests
{
    [Fact]
    public void CorruptionMixesEverySampleByItsOwnAmount()
    {
        using var scope = NewDisposeScope();
        var (clean, noise) = (rand(3, 1, 2, 2, generator: new Generator(1)), rand(3, 1, 2, 2, generator: new Generator(2)));
        var mixed = NaiveCorruption.Apply(clean, noise, tensor(new[] { 0f, 0.25f, 1f }));
        Assert.Equal(clean[0].data<float>().ToArray(), mixed[0].data<float>().ToArray());
        Assert.Equal((0.75 * clean[1] + 0.25 * noise[1]).data<float>().ToArray(), mixed[1].data<float>().ToArray());
        Assert.Equal(noise[2].data<float>().ToArray(), mixed[2].data<float>().ToArray());
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public void CorruptionOfOtherShapesIsRefused(int noises, int amounts)
    {
        using var scope = NewDisposeScope();
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => NaiveCorruption.Apply(zeros(3, 1), zeros(noises, 1), zeros(amounts))).Id);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(40)]
    public void AConstantPredictionIsReachedExactlyAtTheLastStep(int steps)
    {
        using var scope = NewDisposeScope();
        var (start, goal) = (rand(1, 1, 4, 4, generator: new Generator(1)), rand(1, 1, 4, 4, generator: new Generator(2)));
        var sampler = new NaiveSampler(steps);
        var calls = 0;
        var result = sampler.Run(
            x =>
            {
                calls++;
                return goal.clone();
            },
            start);
        Assert.Equal(steps, calls);
        Assert.Equal(goal.data<float>().ToArray(), result.data<float>().ToArray());

        // Step i leaves the share (n − i − 1)/n of the start.
        Assert.Equal(1, sampler.Mix(steps - 1));
        foreach (var step in sampler.Stream(_ => goal.clone(), start))
        {
            var share = (steps - step.Index - 1.0) / steps;
            Assert.Equal(0, (step.Sample - ((share * start) + ((1 - share) * goal))).abs().max().item<float>(), tolerance: 1e-5f);
        }
    }

    [Fact]
    public void ARunLeavesNothingButItsResult()
    {
        using var scope = NewDisposeScope();
        var start = rand(1, 1, 4, 4, generator: new Generator(1));
        var before = scope.DisposablesCount;
        using var result = new NaiveSampler(5).Run(x => x * 0.5, start);
        Assert.Equal(before + 1, scope.DisposablesCount);
    }

    [Fact]
    public void NoStepsAreRefused() =>
        Assert.Equal("DIF0105", Assert.Throws<DiffusionException>(() => new NaiveSampler(5).WithSteps(0).Stream(x => x, zeros(1)).ToArray()).Id);
}
