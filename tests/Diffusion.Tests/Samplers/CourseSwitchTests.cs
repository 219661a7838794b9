using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Samplers;

/// <summary>What the course's notebooks on sampling and guidance do otherwise, each beside what is right.</summary>
public sealed class CourseSwitchTests
{
    private static readonly NoiseCurve Linear = NoiseCurve.Of(NoiseSchedule.Linear);

    [Theory]
    [InlineData(980, 0.00768)]
    [InlineData(500, 0.279)]
    [InlineData(20, 0.997)]
    public void TheScaleOfGuidanceIsReadAtTheTimestep(int timestep, double expected) =>
        Assert.Equal(expected, ScaleSchedule.SqrtAlphaBar.Factor(Linear, 3, timestep), 0.002 * expected);

    [Fact]
    public void TheCourseReadsItAtTheNumberOfTheStepWhichIsPracticallyConstant()
    {
        var factors = Enumerable.Range(0, 50).Select(i => ScaleSchedule.SqrtAlphaBar.AsInCourse().Factor(Linear, i, 980 - (20 * i))).ToArray();

        Assert.Equal(0.99995, factors[0], 5e-6);
        Assert.Equal(0.9854, factors[49], 5e-5);
        Assert.True(factors.Zip(factors.Skip(1), (now, next) => next < now).All(falls => falls));
    }

    [Fact]
    public void EveryCurveIsThatFunctionOfTheNoiseLevel()
    {
        var alphaBar = Linear.AlphaBar(700);

        Assert.Equal(1, ScaleSchedule.Constant.Factor(Linear, 0, 700));
        Assert.Equal(alphaBar, ScaleSchedule.AlphaBar.Factor(Linear, 0, 700));
        Assert.Equal(Math.Sqrt(alphaBar), ScaleSchedule.SqrtAlphaBar.Factor(Linear, 0, 700));
        Assert.Equal(Math.Sqrt(1 - alphaBar), ScaleSchedule.SqrtOneMinusAlphaBar.Factor(Linear, 0, 700));
    }

    [Fact]
    public void TheScheduleStandsInTheGuidersText() => Assert.Equal(
        "Clip(\"a rose\", scale: 100, cuts: 4, schedule: SqrtAlphaBar as in the course)",
        Guiders.Clip("a rose", schedule: ScaleSchedule.SqrtAlphaBar.AsInCourse()).ToString());

    [Fact]
    public void TheCoursesInversionHas48LatentsOf50Steps()
    {
        var (whole, course) = (Table(Schedulers.DdimInverse(50)), Table(Schedulers.DdimInverse(50).AsInCourse()));

        Assert.Equal(50, whole.Length);
        Assert.Equal(whole.Skip(1).Take(48), course);
    }

    [Fact]
    public void AnInversionOfTwoStepsHasNothingBetweenItsEnds() =>
        Assert.Contains("at least 3", Assert.Single(Schedulers.DdimInverse(2).AsInCourse().Check(NoiseSchedule.Linear, PredictionType.Epsilon)).ToString());

    [Theory]
    [InlineData(0, 0)]
    [InlineData(60, 0.548311)]
    [InlineData(90, 1.233701)]
    [InlineData(180, 4.934802)]
    public void TheGreatCircleDistanceSquaredIsHalfTheSquaredAngle(double degrees, double expected)
    {
        using var scope = NewDisposeScope();
        var angle = degrees * Math.PI / 180;
        var left = tensor(new[] { 3.0, 0 }, dtype: float64).requires_grad_(true);
        var loss = GreatCircle.HalfSquaredAngle(left, tensor(new[] { Math.Cos(angle), Math.Sin(angle) }, dtype: float64));
        loss.backward();

        Assert.Equal(expected, loss.item<double>(), 1e-6);
        Assert.Equal(degrees is 0 or 180 ? 0 : angle / 3, left.grad!.norm().item<double>(), degrees == 180 ? 2 : 1e-9);
        Assert.True(left.grad!.isfinite().all().item<bool>());
    }

    [Fact]
    public void ClipSeesPicturesInUnitRangeAndInTheCourseTwiceAsStrong()
    {
        using var scope = NewDisposeScope();
        var gray = zeros(1, 3, 2, 2);
        using var right = ClipPixels.Normalize(gray);
        using var course = ClipPixels.Normalize(gray, asInCourse: true);

        Assert.Equal((0.5 - 0.48145466) / 0.26862954, right[0, 0, 0, 0].item<float>(), 1e-6);
        Assert.Equal(-0.48145466 / 0.26862954, course[0, 0, 0, 0].item<float>(), 1e-6);
    }

    private static string[] Table(Scheduler sampler) =>
        [.. sampler.Derive(NoiseSchedule.Linear, PredictionType.Epsilon).Steps.Select(step => step.ToString())];
}
