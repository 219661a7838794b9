using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Training;
using static Diffusion.Dsl.TimestepSamplings;
using static TorchSharp.torch;

namespace Diffusion.Tests.Training;

/// <summary>Timesteps and hidden conditions.</summary>
public sealed class DrawTests
{
    [Fact]
    public void UniformTimestepsAreThoseOfPython()
    {
        // torch.randint(0, 1000, (6,), generator=torch.Generator().manual_seed(0))
        Assert.Equal([44L, 239, 933, 760, 963, 379], Drawn(UniformTime, 6));
    }

    [Fact]
    public void UniformTimestepsReachBothEnds()
    {
        var drawn = Drawn(UniformTime, 20_000);
        Assert.Equal(0, drawn.Min());
        Assert.Equal(999, drawn.Max());
        Assert.InRange(drawn.Average(), 490, 509);
    }

    [Fact]
    public void LogitNormalTimestepsFollowTheirDistribution()
    {
        // P(t < T sigmoid(m + s q)) is the normal distribution function of q.
        var drawn = Drawn(LogitNormal(mean: 0.5, deviation: 0.8), 20_000);
        Assert.InRange(drawn.Count(t => t < 622) / 20_000.0, 0.485, 0.515); // sigmoid(0.5)
        Assert.InRange(drawn.Count(t => t < 426) / 20_000.0, 0.149, 0.169); // sigmoid(0.5 − 0.8)
        Assert.All(drawn, t => Assert.InRange(t, 0, 999));
    }

    [Fact]
    public void StratifiedTimestepsHaveOneInEveryPart()
    {
        var drawn = Drawn(Stratified, 10);
        Assert.Equal(Enumerable.Range(0, 10), drawn.Select(t => (int)(t / 100)));
        Assert.All(Drawn(Stratified, 3), t => Assert.InRange(t, 0, 999));
    }

    [Fact]
    public void ASeedHidesExactlyTheseCaptions()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(0);
        // (torch.rand(10, generator=torch.Generator().manual_seed(0)) < 0.4).nonzero()
        var numbers = rand(10, generator: new Generator(0)).data<float>().ToArray();
        var mask = ConditionDropout.Mask(10, 0.4, random);
        var captions = ConditionDropout.Captions([.. Enumerable.Range(0, 10).Select(i => $"caption {i}")], mask);
        Assert.Equal(numbers.Select((number, i) => number < 0.4f ? "" : $"caption {i}"), captions);
        Assert.Equal([2, 3, 4], captions.Select((caption, i) => (caption, i)).Where(pair => pair.caption.Length == 0).Select(pair => pair.i));
        Assert.Equal([9L, 1, 9], ConditionDropout.Labels(tensor([0L, 1, 2]), tensor([true, false, true]), 9).data<long>().ToArray());
    }

    private static long[] Drawn(TimestepSampling sampling, int count)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(0);
        return TimestepDraws.Draw(sampling, count, 1000, random).data<long>().ToArray();
    }
}
