using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Training;

public sealed class ForwardTests
{
    private static readonly NoiseSchedule Linear = NoiseSchedule.Linear;
    private static readonly NoiseCurve Curve = Linear.Curve();

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(999)]
    public void AStepIsItsFormulaToTheLastBit(int timestep)
    {
        using var scope = NewDisposeScope();
        var (before, noise) = (randn(3, 4, generator: new Generator(1)), randn(3, 4, generator: new Generator(2)));
        var beta = Curve.Beta(timestep);
        var (keep, add) = ((float)Math.Sqrt(1 - beta), (float)Math.Sqrt(beta));
        var expected = before.data<float>().ToArray().Zip(noise.data<float>().ToArray(), (x, e) => (double)(keep * x) + (add * e)).ToArray();
        var actual = Forward.Step(Curve, before, timestep, noise).data<float>().ToArray();
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance: (Math.Abs(pair.First) + 1) * 1.2e-7));
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("scaled")]
    [InlineData("cosine")]
    [InlineData("zero")]
    public void WalkingAndJumpingAreTheSame(string which)
    {
        var schedule = which switch
        {
            "linear" => Linear,
            "scaled" => NoiseSchedule.StableDiffusion,
            "cosine" => NoiseSchedule.Cosine,
            _ => Linear.WithZeroTerminalSnr(true),
        };
        var equivalence = Forward.Equivalence(schedule);
        Assert.InRange(equivalence.WeightResidual, 0, 1e-14);
        Assert.InRange(equivalence.ErrorFloat64, 0, 1e-12);
        Assert.InRange(equivalence.ErrorFloat32, 1e-12, 1e-5);
        Assert.True(equivalence.Holds);
        Assert.StartsWith("Equal in distribution at each t, and path by path", equivalence.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("not equal as a joint law when ε is drawn afresh for each t.", equivalence.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnEquivalenceThatDoesNotHoldSaysSo() =>
        Assert.StartsWith("Not shown: on linear(0.0001, 0.02, 1000) the two differ by 1.0e-3 in float64", new ForwardEquivalence(Linear, 0, 1e-3, 0).ToString(), StringComparison.Ordinal);

    [Fact]
    public void TheVarianceAtTheEndOfAPathIsThatOfTheClosedForm()
    {
        using var scope = NewDisposeScope();
        const int count = 20_000;
        using var path = Forward.Trajectory(Linear, zeros(count), seed: 3, 300, 999);
        foreach (var (timestep, i) in path.Timesteps.Select((timestep, i) => (timestep, i)))
        {
            // The variance of a sample variance of n Gaussians is 2σ⁴/n.
            var expected = 1 - Curve.AlphaBar(timestep);
            Assert.Equal(expected, path.States[i].square().mean().item<float>(), tolerance: 3 * expected * Math.Sqrt(2.0 / count));
        }
    }

    [Fact]
    public void StatesOfOnePathCorrespondAndIndependentDrawsDoNot()
    {
        using var scope = NewDisposeScope();
        const int count = 20_000;
        Assert.Equal(0.3829, Forward.Correlation(Curve, 899, 999), tolerance: 5e-5);
        Assert.Equal(0.3829, Forward.Correlation(Curve, 999, 899), tolerance: 5e-5);
        using var path = Forward.Trajectory(Linear, zeros(count), seed: 1, 999, 899);
        using var draws = Forward.Marginals(Linear, zeros(count), seed: 1, 999, 899);

        // A sample correlation has the deviation (1 − ρ²)/√n.
        Assert.Equal(0.3829, Correlation(path.States), tolerance: 3 * (1 - (0.3829 * 0.3829)) / Math.Sqrt(count));
        Assert.Equal(0, Correlation(draws.States), tolerance: 3 / Math.Sqrt(count));

        static double Correlation(Tensor pair) => ((pair[0] * pair[1]).mean() / (pair[0].square().mean() * pair[1].square().mean()).sqrt()).item<float>();
    }

    [Fact]
    public void TheTenPicturesOfTheCourseHaveTheSignalsItShows()
    {
        using var scope = NewDisposeScope();
        var clean = zeros(1, 28, 28) - 1;
        using var path = Forward.Trajectory(Linear, clean, seed: 0);
        Assert.Equal([999, 899, 799, 699, 599, 499, 399, 299, 199, 99], path.Timesteps);
        Assert.Equal([".0064", ".0166", ".0391", ".0835", ".1609", ".2803", ".4418", ".6296", ".8118", ".9471"], path.Signals.Select(signal => FormattableString.Invariant($"{signal:.0000}")));
        var strip = path.Strip();
        Assert.Equal((10 * 30 + 2, 28 + 7 + 4), (strip.Width, strip.Height));
        Assert.Equal(clean.data<float>().ToArray(), (zeros(1, 28, 28) - 1).data<float>().ToArray());
    }

    [Fact]
    public void ASeedGivesTheSameStatesAndAStripOfABatchHasRows()
    {
        using var scope = NewDisposeScope();
        var clean = rand(3, 1, 8, 8, generator: new Generator(1));
        var one = Forward.Trajectory(Linear, clean, 5, 10, 0).States.data<float>().ToArray();
        Assert.Equal(one, Forward.Trajectory(Linear, clean, 5, 10, 0).States.data<float>().ToArray());
        Assert.NotEqual(one, Forward.Trajectory(Linear, clean, 6, 10, 0).States.data<float>().ToArray());
        var strip = Forward.Marginals(Linear, clean, 5, 10, 0).Strip(enlarge: 3, padding: 0);
        Assert.Equal((2 * 24, 3 * 31), (strip.Width, strip.Height));
    }

    [Fact]
    public void WhatCannotBeIsRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("DIF0412", Assert.Throws<DiffusionException>(() => Forward.Trajectory(Linear, zeros(1), 0, 1000)).Id);
        Assert.Equal("DIF0412", Assert.Throws<DiffusionException>(() => Forward.Step(Curve, zeros(1), -1, zeros(1))).Id);
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => Forward.Step(Curve, zeros(1), 0, zeros(2))).Id);
        Assert.Equal("DIF0412", Assert.Throws<DiffusionException>(() => Forward.Correlation(Curve, 0, 1000)).Id);
        Assert.Equal("DIF0451", Assert.Throws<DiffusionException>(() => Forward.Marginals(Linear, zeros(2), 0).Strip()).Id);
    }

    [Fact]
    public void ACaptionStandsBelowThePictureInTheMiddle()
    {
        var caption = new Image(7, 1, 1, [9, 9, 9, 9, 9, 9, 9]).WithCaption("1");
        var rows = Enumerable.Range(0, caption.Height).Select(y => string.Concat(Enumerable.Range(0, 7).Select(x => caption[x, y] switch { 255 => '#', 0 => '.', _ => 'x' })));
        Assert.Equal(["xxxxxxx", ".......", "...#...", "..##...", "...#...", "...#...", "..###..", "......."], rows);
    }
}
