using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Tests.Training;

public sealed class LearningRateTests
{
    public static TheoryData<string, string> Recorded => new()
    {
        { "constant", "Constant()" },
        { "constant_with_warmup", "Constant(warmup: 10)" },
        { "linear", "Linear(warmup: 10)" },
        { "cosine", "Cosine(warmup: 10)" },
        { "cosine_with_restarts", "CosineWithRestarts(warmup: 5, cycles: 2)" },
        { "polynomial", "Polynomial(warmup: 5)" },
        { "piecewise_constant", "PiecewiseConstant(1:10,0.1:20,0.01:30,0.005)" },
    };

    private static LearningRateSchedule[] All =>
    [
        LearningRates.Constant(), LearningRates.Constant(10), LearningRates.Linear(10), LearningRates.Cosine(10), LearningRates.CosineWithRestarts(5, 2),
        LearningRates.Polynomial(5), LearningRates.PiecewiseConstant("1:10,0.1:20,0.01:30,0.005"), LearningRates.Exponential(0.9, every: 10),
    ];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void TheRatesAreThoseOfDiffusersToTheLastDigits(string name, string text)
    {
        var schedule = All.Single(candidate => candidate.ToString() == text);
        var golden = JsonValue.Parse(File.ReadAllText(Repository.PathOf("tests/Diffusion.Tests/Golden/training/lr_schedules.json")), "lr_schedules.json");
        var recorded = golden["cases"].Items.Single(item => item["name"].AsString() == name);
        Assert.Equal(name, schedule.Name);
        Assert.NotEmpty(recorded["lr_at_step"].Items);
        for (var step = 0; step < recorded["lr_at_step"].Items.Count; step++)
            Assert.Equal(recorded["lr_at_step"].Items[step].AsDouble(), schedule.At(step, recorded["base_lr"].AsDouble(), 50), tolerance: 1e-15);
    }

    [Fact]
    public void NoRateIsNegativeOrAboveThePeak() => Assert.All(All, schedule =>
        Assert.All(Enumerable.Range(0, 120).Select(step => schedule.At(step, 2e-3, 50)), rate => Assert.InRange(rate, 0, 2e-3)));

    [Fact]
    public void TheExponentialRateFallsOnceAnEpoch()
    {
        var schedule = LearningRates.Exponential(0.9, every: 10);
        Assert.Equal([1e-3, 1e-3, 0.9e-3, 0.81e-3], new[] { 0, 9, 10, 29 }.Select(step => Math.Round(schedule.At(step, 1e-3, 100), 12)));
    }

    [Theory]
    [InlineData("warmup", "DIF0220", "the warm-up of Cosine is -1, but it must be 0 (none) or more; the usual value is 500")]
    [InlineData("long", "DIF0221", "the warm-up of Linear takes 50 steps, but the whole training has 50; choose a shorter warm-up or more steps")]
    [InlineData("cycles", "DIF0220", "cycles of CosineWithRestarts is 0, but it must be a finite number above 0; the usual value is 1")]
    [InlineData("floor", "DIF0220", "floor of Polynomial is 0.01, but it must be at least 0 and below the peak of 0.001; the usual value is 1E-07")]
    [InlineData("pieces", "DIF0222", "the pieces of the learning rate are '1:20,0.1:10,0.01', but step 10 does not lie behind the one before; write factor:step with rising steps, then the last factor, such as 1:1000,0.1:2000,0.01")]
    [InlineData("gamma", "DIF0220", "gamma of Exponential is 2, but it must be above 0 and at most 1; the usual value is 0.9")]
    public void AMistakeIsOneSentence(string which, string id, string sentence)
    {
        var schedule = which switch
        {
            "warmup" => (LearningRateSchedule)LearningRates.Cosine().WithWarmup(-1),
            "long" => LearningRates.Linear(50),
            "cycles" => LearningRates.CosineWithRestarts(0, 0),
            "floor" => LearningRates.Polynomial(floor: 0.01),
            "pieces" => LearningRates.PiecewiseConstant("1:20,0.1:10,0.01"),
            _ => LearningRates.Exponential(2),
        };
        var finding = Assert.Single(schedule.Check(1e-3, 50));
        Assert.Equal((id, sentence), (finding.Rule.Id, finding.Message));
    }

    [Fact]
    public void GoodSchedulesHaveNoFindings() => Assert.All(All, schedule => Assert.Empty(schedule.Check(1e-3, 50)));

    [Theory]
    [InlineData("")]
    [InlineData("1:10")]
    [InlineData("1:x,0.1")]
    public void ATextThatIsNoPiecesIsRefused(string rules) => Assert.Equal("DIF0222", Assert.Throws<DiffusionException>(() => LearningRates.PiecewiseConstant(rules)).Id);

    [Fact]
    public void SchedulesOfTheSameNumbersAreEqual()
    {
        Assert.Equal(LearningRates.PiecewiseConstant("1:10,0.5"), LearningRates.PiecewiseConstant("0.5").WithPieces(new RatePiece(1, 10)));
        Assert.Equal(LearningRates.Cosine(5), LearningRates.Cosine().WithWarmup(5));
        Assert.NotEqual<LearningRateSchedule>(LearningRates.Cosine(), LearningRates.Linear());
    }
}
