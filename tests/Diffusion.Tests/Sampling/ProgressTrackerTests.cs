using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Sampling;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Sampling;

/// <summary>How far a call is and how long it takes, on a clock that stands until it is told.</summary>
public sealed class ProgressTrackerTests(TinyStableDiffusion sd) : IClassFixture<TinyStableDiffusion>
{
    private readonly Clock _clock = new();

    [Fact]
    public void BeforeTheFirstStepNothingIsKnown()
    {
        var tracker = Tracker([1, 1, 1]);
        _clock.Pass(5);

        Assert.Equal(new SamplingProgress(SamplingStage.Sampling, 0, 3, 0, TimeSpan.FromSeconds(5), null), tracker.Now);
    }

    [Fact]
    public void TheFirstStepCountsUntilThereIsAnother()
    {
        var tracker = Tracker([1, 1, 1, 1, 1]);
        Step(tracker, 0, seconds: 30);
        Assert.Equal(120, Left(tracker), 6);
        Step(tracker, 1, seconds: 2);
        Assert.Equal(6, Left(tracker), 6);
    }

    [Fact]
    public void OneSlowStepChangesNothing()
    {
        var tracker = Tracker([.. Enumerable.Repeat(1, 20)]);
        for (var i = 0; i < 10; i++)
            Step(tracker, i, seconds: i == 6 ? 60 : 1);

        Assert.Equal(10, Left(tracker), 6);
        Assert.Equal(69, tracker.Now.Elapsed.TotalSeconds, 6);
        Assert.Equal(0.5, tracker.Now.Fraction, 12);
    }

    [Fact]
    public void AMachineThatSlowsDownIsFollowed()
    {
        var tracker = Tracker([.. Enumerable.Repeat(1, 100)]);
        for (var i = 0; i < 80; i++)
            Step(tracker, i, seconds: i < 50 ? 1 : 3);

        Assert.Equal(60, Left(tracker), 6);
    }

    [Fact]
    public void StepsWithGuidanceAreTwiceTheWork()
    {
        var tracker = Tracker([1, 1, 1, 2, 2]);
        Step(tracker, 0, seconds: 1);
        Step(tracker, 1, seconds: 1);
        Step(tracker, 2, seconds: 1);

        Assert.Equal(4, Left(tracker), 6);
        Assert.Equal(3 / 7.0, tracker.Now.Fraction, 12);
    }

    [Fact]
    public void TheCallersOwnTimeBetweenStepsIsNotTheSteps()
    {
        var tracker = Tracker([1, 1, 1, 1]);
        Step(tracker, 0, seconds: 1);
        _clock.Pass(100);
        Step(tracker, 1, seconds: 1);
        _clock.Pass(100);

        Assert.Equal(2, Left(tracker), 6);
        Assert.Equal(202, tracker.Now.Elapsed.TotalSeconds, 6);
    }

    [Fact]
    public void ALastBatchOfFewerPicturesIsLessWork()
    {
        var tracker = Tracker([1, 1], pictures: 5, batch: 4);
        Step(tracker, 0, seconds: 8, count: 4);
        Step(tracker, 1, seconds: 4, count: 4);

        Assert.Equal((2, 4), (tracker.Now.Step, tracker.Now.Steps));
        Assert.Equal(2, Left(tracker), 6);
    }

    [Fact]
    public void DecodingIsGuessedUntilItWasTimed()
    {
        var tracker = Tracker([1, 1, 1], pictures: 2, batch: 1, decodes: true);
        for (var i = 0; i < 3; i++)
            Step(tracker, i, seconds: 2);
        Assert.Equal((3 * 2) + (2 * 3 * 2), Left(tracker), 6); // three steps, and two pictures of three rows each
        tracker.Decodes();
        _clock.Pass(10);
        tracker.HasDecoded();

        Assert.Equal((3 * 2) + 10, Left(tracker), 6);
    }

    [Fact]
    public void ACallGoesThroughItsStagesAndNeverBack()
    {
        using var run = sd.Pipeline.Scheduler(Ddim(3)).Guidance(Cfg(5)).Compile(CompileOptions.Default.WithCacheDirectory("")).Load();
        var told = new List<SamplingProgress>();
        run.Generate("two cats", count: 3, batch: 2, progress: new Report(told.Add));

        // Before and behind each of two pictures, then of one.
        var (step, decoding) = (SamplingStage.Sampling, SamplingStage.Decoding);
        Assert.Equal([SamplingStage.TextEncoding, step, step, step, decoding, decoding, decoding, decoding, step, step, step, decoding, decoding], told.Select(progress => progress.Stage));
        Assert.Equal(told.OrderBy(progress => progress.Fraction), told);
        Assert.Equal((0.0, 1.0), (told[0].Fraction, told[^1].Fraction));
        Assert.Equal((6, 6, TimeSpan.Zero), (told[^1].Step, told[^1].Steps, told[^1].Remaining));
        Assert.Null(told[0].Remaining);
        Assert.Equal("encoding the text", told[0].ToString());
        Assert.StartsWith("step 1 of 6, ", told[1].ToString(), StringComparison.Ordinal);
        Assert.Equal("decoding, 0 s left", told[^1].ToString());
    }

    private ProgressTracker Tracker(int[] rows, int pictures = 1, int batch = 1, bool decodes = false) => new(rows, pictures, batch, decodes, told: null, _clock);

    private static double Left(ProgressTracker tracker) => tracker.Now.Remaining!.Value.TotalSeconds;

    private void Step(ProgressTracker tracker, int index, double seconds, int count = 1)
    {
        tracker.Begins();
        _clock.Pass(seconds);
        tracker.HasStepped(index, count);
    }

    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Pass(double seconds) => _now += TimeSpan.FromSeconds(seconds).Ticks;
    }

    private sealed class Report(Action<SamplingProgress> report) : IProgress<SamplingProgress>
    {
        void IProgress<SamplingProgress>.Report(SamplingProgress value) => report(value);
    }
}
