using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Plotting;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Plotting;

public sealed class PlotTests : IDisposable
{
    private static readonly byte[] PngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    private readonly string _folder = Directory.CreateTempSubdirectory("diffusion-plots-").FullName;

    private static NoiseSchedule TooLittleNoise => NoiseSchedule.Linear.WithBetaStart(0.001).WithBetaEnd(0.004);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ASchedulePlotIsAPngOfTwoPanels()
    {
        NoiseSchedule.Linear.Plot(PathOf("new/schedule.png"));
        Assert.Equal(PngSignature, File.ReadAllBytes(PathOf("new/schedule.png"))[..8]);
        AssertDrawn(Image.Load(PathOf("new/schedule.png")), 2560);
        Assert.Single(Directory.GetFiles(PathOf("new")));
    }

    [Fact]
    public void SchedulesAndSamplersAreCompared()
    {
        NoiseSchedule.Linear.Plot(PathOf("schedules.png"), NoiseSchedule.Cosine, TooLittleNoise, NoiseSchedule.Linear.WithZeroTerminalSnr(true));
        AssertDrawn(Image.Load(PathOf("schedules.png")), 2560);
        Ddim(20).Plot(PathOf("samplers.webp"), Euler(20), Heun(10), DpmSolver(5), DdimInverse(3));
        AssertDrawn(Image.Load(PathOf("samplers.webp")), 2560);
    }

    [Fact]
    public void EverySamplerCanBeDrawn()
    {
        var samplers = All.Select(entry => entry.Create(6)).ToArray();
        samplers[0].Plot(PathOf("all.png"), samplers[1..]);
        AssertDrawn(Image.Load(PathOf("all.png")), 2560);
    }

    [Fact]
    public void NoiseAloneHasNoPlaceInALogarithmButIsNoError()
    {
        var noise = NoiseSchedule.Linear.WithZeroTerminalSnr(true);
        var series = NoiseSeries.Of(noise);
        Assert.Equal((0, 1, double.NegativeInfinity), (series.Signal[^1], series.Noise[^1], series.LogSnr[^1]));
        var levels = LevelSeries.Of(Ddim(10).WithSpacing(TimestepSpacing.Trailing), noise);
        Assert.Equal(double.PositiveInfinity, levels.Sigmas[0]);
        Ddim(10).WithSpacing(TimestepSpacing.Trailing).Plot(PathOf("zero.png"), noise);
        AssertDrawn(Image.Load(PathOf("zero.png")), 2560);
    }

    // ᾱ to six digits (float32's, as diffusers has it; in double the cosine schedule ends at 2.42877e-9), and the first t where noise is more than signal.
    [Theory]
    [InlineData("linear", 499, 0.0785872, 259)]
    [InlineData("linear", 999, 4.03583e-5, 259)]
    [InlineData("scaled_linear", 999, 0.00466010, 354)]
    [InlineData("squaredcos_cap_v2", 499, 0.493844, 496)]
    [InlineData("squaredcos_cap_v2", 999, 2.42873e-9, 496)]
    [InlineData("too little noise", 999, 0.0817976, null)]
    public void WhatIsPlottedIsTheSchedule(string name, int timestep, double alphaBar, int? crossing)
    {
        var noise = name switch { "linear" => NoiseSchedule.Linear, "scaled_linear" => NoiseSchedule.StableDiffusion, "squaredcos_cap_v2" => NoiseSchedule.Cosine, _ => TooLittleNoise };
        var series = NoiseSeries.Of(noise);
        Assert.Equal(alphaBar, series.AlphaBars[timestep], alphaBar * 1e-5);
        Assert.Equal(Math.Sqrt(alphaBar), series.Signal[timestep], Math.Sqrt(alphaBar) * 1e-5);
        Assert.Equal(Math.Sqrt(1 - alphaBar), series.Noise[timestep], 1e-5);
        Assert.Equal(Math.Log(alphaBar / (1 - alphaBar)), series.LogSnr[timestep], 1e-4);
        if (crossing is not null)
        {
            Assert.Equal(crossing, series.Crossing);
            Assert.True(series.AlphaBars[crossing.Value - 1] >= 0.5 && series.LogSnr[crossing.Value] < 0);
        }
    }

    // What the course's plot of sqrt_alpha_prod and sqrt_one_minus_alpha_prod shows, computed in double apart from this library.
    [Theory]
    [InlineData(0, 0.99994999875, 0.01)]
    [InlineData(258, 0.70727980937, 0.70693371066)]
    [InlineData(259, 0.70541747357, 0.70879206258)]
    [InlineData(500, 0.27892052338, 0.96031418902)]
    [InlineData(999, 0.00635281809, 0.99997982065)]
    public void SignalAndNoiseOfTheLinearScheduleAreTheCourses(int timestep, double signal, double noise)
    {
        var series = NoiseSeries.Of(NoiseSchedule.Linear);
        Assert.Equal(signal, series.Signal[timestep], 2e-6);
        Assert.Equal(noise, series.Noise[timestep], 2e-6);
    }

    [Fact]
    public void TheLevelsOfASamplerAreOneMoreThanItsSteps()
    {
        var euler = LevelSeries.Of(Euler(10), NoiseSchedule.StableDiffusion);
        Assert.Equal((11, 14.6146, 0), (euler.Sigmas.Length, Math.Round(euler.Sigmas[0], 4), euler.Sigmas[^1]));
        Assert.Equal(double.PositiveInfinity, euler.StepSizes[^1]);
        var exponential = LevelSeries.Of(Euler(10).WithSigmas(SigmaSchedule.Exponential), NoiseSchedule.StableDiffusion);
        Assert.All(exponential.StepSizes[..^1], size => Assert.Equal(exponential.StepSizes[0], size, 1e-6));
    }

    [Fact]
    public void ATableHasALineForEveryTimestep()
    {
        NoiseSchedule.Linear.WriteCsv(PathOf("schedule.csv"));
        var lines = File.ReadAllLines(PathOf("schedule.csv"));
        Assert.Equal((1001, "t,beta,alpha_bar,sqrt_alpha_bar,sqrt_one_minus_alpha_bar,log_snr"), (lines.Length, lines[0]));
        var cells = lines[500].Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal([499, NoiseSchedule.Linear.Curve().Beta(499), NoiseSchedule.Linear.Curve().AlphaBar(499)], cells[..3]);
    }

    [Fact]
    public void WhatCannotBeWrittenOrDrawnIsSaidAsElsewhere()
    {
        Assert.Equal("DIF0560", Id(() => NoiseSchedule.Linear.Plot(PathOf("schedule.svg"))));
        File.WriteAllText(PathOf("file"), "");
        Assert.Equal("DIF0563", Id(() => Ddim(4).Plot(PathOf("file/samplers.png"))));
        Assert.Equal("DIF0514", Id(() => NoiseSchedule.Linear.WriteCsv(PathOf("file/schedule.csv"))));
        Assert.Equal(Rules.BetasOutOfRange.Id, Id(() => NoiseSchedule.Linear.WithBetaEnd(2).Plot(PathOf("schedule.png"))));
        Assert.Equal("DIF0201", Id(() => Ddim(1200).Plot(PathOf("samplers.png"))));
        Assert.Equal(["file"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    private static string Id(Action action) => Assert.Throws<DiffusionException>(action).Findings[0].Rule.Id;

    private static void AssertDrawn(Image image, int width)
    {
        Assert.Equal((width, 3), (image.Width, image.Channels));
        Assert.InRange(image.Height, 800, 3000);
        // Both panels have lines in several colours, and the border is paper: nothing is cut off.
        foreach (var panel in new[] { 0, width / 2 })
        {
            var colors = Enumerable.Range(0, image.Height * (width / 2)).Select(i => (X: panel + (i % (width / 2)), Y: i / (width / 2))).Count(at => Math.Abs(image[at.X, at.Y, 0] - image[at.X, at.Y, 2]) > 60);
            Assert.InRange(colors, 1000, image.Height * width / 2);
        }

        Assert.All(Enumerable.Range(0, image.Height), y => Assert.Equal((255, 255), (image[0, y], image[width - 1, y])));
        Assert.All(Enumerable.Range(0, width), x => Assert.Equal((255, 255), (image[x, 0], image[x, image.Height - 1])));
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
