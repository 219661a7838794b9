using System;
using System.Linq;
using System.Threading.Tasks;
using Diffusion.Dsl;

namespace Diffusion.Tests.Training;

public sealed class ObjectiveTests
{
    private static readonly PredictionType[] Types = [PredictionType.Epsilon, PredictionType.Sample, PredictionType.VPrediction, PredictionType.Flow];
    private static readonly NoiseCurve Curve = NoiseSchedule.Linear.Curve();

    public static TheoryData<PredictionType, int> TypesAndTimesteps
    {
        get
        {
            var cases = new TheoryData<PredictionType, int>();
            foreach (var type in Types)
            {
                foreach (var timestep in new[] { 0, 100, 500, 999 })
                    cases.Add(type, timestep);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndTimesteps))]
    public void TheBasisUndoesTheTarget(PredictionType type, int timestep)
    {
        // x0 and ε of one element; the library's own formulas one after the other.
        var (clean, noise, level) = (0.7, -1.3, Level(timestep));
        var x = (level.Alpha * clean) + (level.Sigma * noise);
        var target = new Objective(type).TargetAt(level);
        var output = (target.Clean * clean) + (target.Noise * noise);
        var basis = PredictionBasis.Of(type, level);
        Assert.Equal(clean, (basis.P * x) + (basis.Q * output), tolerance: 1e-12);
        Assert.Equal(noise, (basis.R * x) + (basis.S * output), tolerance: 1e-12);
        foreach (var other in Types)
        {
            var (there, back) = (PredictionConversion.Of(type, other, level), PredictionConversion.Of(other, type, level));
            var converted = (there.OfSample * x) + (there.OfPrediction * output);
            var wanted = TrainingTarget.Of(other, level);
            Assert.Equal((wanted.Clean * clean) + (wanted.Noise * noise), converted, tolerance: 1e-10);
            Assert.Equal(output, (back.OfSample * x) + (back.OfPrediction * converted), tolerance: 1e-10);
        }
    }

    [Theory]
    [InlineData(0, 9999)]
    [InlineData(100, 8.54)]
    [InlineData(250, 1.09)]
    [InlineData(500, 0.0844)]
    [InlineData(750, 0.00331)]
    [InlineData(999, 4.04e-5)]
    public void ThePlainErrorCountsByTheSignalToNoiseRatioOnTheCleanSample(int timestep, double snr)
    {
        double Weight(PredictionType type) => Weightings.Uniform.OnCleanSample(type, Level(timestep));

        Assert.Equal(snr, Weight(PredictionType.Epsilon), tolerance: snr * 0.0025);
        Assert.Equal(1, Weight(PredictionType.Sample));
        Assert.Equal(Curve.Snr(timestep) + 1, Weight(PredictionType.VPrediction), tolerance: (Curve.Snr(timestep) + 1) * 1e-12);
        Assert.Equal(Math.Pow(1 + Math.Sqrt(Curve.Snr(timestep)), 2), Weight(PredictionType.Flow), tolerance: (Curve.Snr(timestep) + 1) * 1e-12);
    }

    [Theory]
    [InlineData(0, 5.0e-4)]
    [InlineData(100, 0.586)]
    [InlineData(250, 1)]
    [InlineData(999, 1)]
    public void MinSnrFiveOfTheNoiseIsThePapers(int timestep, double weight)
    {
        Assert.Equal(weight, Weightings.MinSnr(5).At(PredictionType.Epsilon, Curve, timestep), tolerance: weight * 0.001);
        var snr = Curve.Snr(timestep);
        Assert.Equal(Math.Min(snr, 5) / (snr + 1), Weightings.MinSnr(5).At(PredictionType.VPrediction, Curve, timestep), tolerance: 1e-12);
        Assert.Equal(Math.Min(snr, 5), Weightings.MinSnr(5).At(PredictionType.Sample, Curve, timestep), tolerance: 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(500)]
    [InlineData(999)]
    public void WeightsAreThePapersFormulas(int timestep)
    {
        var (snr, level) = (Curve.Snr(timestep), Level(timestep));
        var sigma = level.Ratio;
        Equal(Math.Pow(1 + snr, -1), Weightings.P2().At(PredictionType.Epsilon, level));
        Equal(Math.Pow(2 + snr, -0.5), Weightings.P2(2, 0.5).At(PredictionType.Epsilon, level));
        Equal(snr, Weightings.Snr.At(PredictionType.Sample, level));
        Equal(1, Weightings.Snr.At(PredictionType.Epsilon, level));
        Equal(snr / (snr + 1), Weightings.Snr.At(PredictionType.VPrediction, level));
        Equal(((sigma * sigma) + 0.25) / Math.Pow(sigma * 0.5, 2), Weightings.Edm().At(PredictionType.Sample, level));
        Equal(1, Weightings.Edm(1).At(PredictionType.VPrediction, level));
        Equal(1 / ((sigma * sigma) + 0.25), Weightings.SoftMinSnr().At(PredictionType.Sample, level));
        Equal(4 / (snr + 4), Weightings.SoftMinSnr().At(PredictionType.Epsilon, level));

        static void Equal(double expected, double actual) => Assert.Equal(expected, actual, tolerance: Math.Abs(expected) * 1e-12);
    }

    [Fact]
    public void EveryWeightingIsOneFunctionOfTheRatioWhateverIsPredicted() => Assert.All(Weightings.All.Where(weighting => weighting is not UniformWeighting), weighting =>
        Assert.All(Enumerable.Range(0, 1000), timestep =>
        {
            var level = Level(timestep);
            var onClean = Types.Select(type => weighting.At(type, level) * Weightings.Uniform.OnCleanSample(type, level)).ToArray();
            Assert.All(onClean, weight => Assert.Equal(onClean[0], weight, tolerance: onClean[0] * 1e-9));
            Assert.All(Types, type => Assert.Equal(onClean[0], weighting.OnCleanSample(type, level), tolerance: onClean[0] * 1e-9));
        }));

    [Fact]
    public void WithoutSignalOnlyAnInfiniteWeightIsRefused()
    {
        var noise = NoiseSchedule.Linear.WithZeroTerminalSnr(true);
        Assert.Equal(1, Weightings.MinSnr().At(PredictionType.Epsilon, new NoiseLevel(0, 1)));
        Assert.Empty(Objectives.Epsilon.WithWeighting(Weightings.MinSnr()).Check(noise));
        Assert.Empty(Objectives.Velocity.WithWeighting(Weightings.Edm()).Check(noise));
        var finding = Assert.Single(Objectives.Epsilon.WithWeighting(Weightings.Edm()).Check(noise));
        Assert.Equal(
            "DIF0223: the weighting Edm(0.5) has no finite weight at timestep 999, where the signal's power is 0 and the network predicts epsilon; choose another weighting, v_prediction, or a noise schedule that ends with some signal",
            finding.ToString());
    }

    [Fact]
    public void EveryObjectiveCanBeTrainedOnEveryUsualSchedule() => Assert.All(
        from noise in new[] { NoiseSchedule.Linear, NoiseSchedule.StableDiffusion, NoiseSchedule.Cosine }
        from type in Types
        from weighting in Weightings.All
        select new Objective(type).WithWeighting(weighting).Check(noise),
        Assert.Empty);

    [Theory]
    [InlineData("MinSnr", "gamma of MinSnr is 0, but it must be a finite number above 0; the usual value is 5")]
    [InlineData("SoftMinSnr", "gamma of SoftMinSnr is -1, but it must be a finite number above 0; the usual value is 4")]
    [InlineData("P2", "gamma of P2 is -1, but it must be a finite number of at least 0; the usual value is 1")]
    [InlineData("Edm", "sigma_data of Edm is NaN, but it must be a finite number above 0; the usual value is 0.5")]
    public void AMistakeIsOneSentence(string which, string sentence)
    {
        Weighting weighting = which switch
        {
            "MinSnr" => Weightings.MinSnr(0),
            "SoftMinSnr" => Weightings.SoftMinSnr().WithGamma(-1),
            "P2" => Weightings.P2().WithGamma(-1),
            _ => Weightings.Edm(double.NaN),
        };
        Assert.Equal("DIF0220: " + sentence, Assert.Single(Objectives.Epsilon.WithWeighting(weighting).Check(NoiseSchedule.Linear)).ToString());
    }

    [Fact]
    public async Task AnObjectiveExplainsItself() => await Verify(string.Join("\n", new[]
    {
        Objectives.Epsilon,
        Objectives.Sample,
        Objectives.Velocity.WithWeighting(Weightings.MinSnr()),
        Objectives.Flow.WithWeighting(Weightings.P2(1, 0.5)),
    }.Select(objective => objective.Explain(NoiseSchedule.Linear))) + "\n" + Objectives.Epsilon.WithWeighting(Weightings.Edm()).Explain(NoiseSchedule.Cosine, 10, 500));

    private static NoiseLevel Level(int timestep) => NoiseLevel.OfAlphaBar(Curve.AlphaBar(timestep));
}
