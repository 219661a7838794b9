using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Training;

public sealed class EmaTests
{
    [Fact]
    public void TheDecaysAreThoseOfDiffusersToTheLastDigits()
    {
        var golden = JsonValue.Parse(File.ReadAllText(Repository.PathOf("tests/Diffusion.Tests/Golden/training/ema.json")), "ema.json");
        EmaDecay[] decays = [new(), new EmaDecay(0.999).WithWarmup(), new EmaDecay(0.9).WithMinDecay(0.5).WithUpdateAfterStep(2)];
        Assert.Equal(decays.Length, golden["cases"].Items.Count);
        foreach (var (decay, recorded) in decays.Zip(golden["cases"].Items))
        {
            var used = recorded["steps"].Items.Select(step => step["decay_used"].AsDouble()).ToArray();
            Assert.All(used.Select((expected, i) => (expected, actual: decay.At(i + 1))), pair => Assert.Equal(pair.expected, pair.actual, tolerance: 1e-15));
        }
    }

    [Theory]
    [InlineData(2.0 / 3, 31_624)]
    [InlineData(0.75, 10_002)]
    public void ThePowerLawReachesTheDecayWhenItsRemarksSay(double power, int update)
    {
        var decay = new EmaDecay(0.9999).WithWarmup().WithPower(power);
        Assert.InRange(decay.At(update - 10), 0, 0.999);
        Assert.InRange(decay.At(update + 10), 0.999, 0.9999);
    }

    [Fact]
    public void TheAverageGoesIntoAModelOfTheSameStructure()
    {
        using var scope = NewDisposeScope();
        using var model = new Holder([1, 2]);
        using var average = new ExponentialMovingAverage(model, new EmaDecay(0.5));
        average.Update();
        model.Set([3, 4]);
        average.Update();
        model.Set([5, 6]);
        average.CopyTo(model);
        Assert.Equal(average.Shadow["values"].data<float>().ToArray(), model.Values);
        Assert.Equal(1 + (2 * 9.0f / 11), model.Values[0], tolerance: 1e-6f);
    }

    [Theory]
    [InlineData(1.5, 0, 1, "decay of Ema is 1.5, but it must be 0 (no average) to 1; the usual value is 0.9999")]
    [InlineData(0.9, -1, 1, "update_after_step of Ema is -1, but it must be 0 or more; the usual value is 0")]
    [InlineData(0.9, 0, 0, "inv_gamma of Ema is 0, but it must be above 0; the usual value is 1")]
    public void AMistakeIsOneSentence(double decay, int after, double invGamma, string sentence)
    {
        using var model = new Holder([1]);
        var exception = Assert.Throws<DiffusionException>(() => new ExponentialMovingAverage(model, new EmaDecay(decay).WithUpdateAfterStep(after).WithInvGamma(invGamma)));
        Assert.Equal("DIF0220: " + sentence, exception.Message);
    }

    [Fact]
    public void TheTextLeavesDefaultsOut() =>
        Assert.Equal(
            ["Ema(0.9999)", "Ema(0.999, min_decay: 0.1, update_after_step: 5, warmup: true, inv_gamma: 2, power: 0.75)"],
            new[] { new EmaDecay(), new EmaDecay(0.999).WithMinDecay(0.1).WithUpdateAfterStep(5).WithWarmup().WithInvGamma(2).WithPower(0.75) }.Select(decay => decay.ToString()));
}
