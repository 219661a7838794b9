using System;
using Diffusion.Dsl;
using Diffusion.Runtime.Training;
using static TorchSharp.torch;

namespace Diffusion.Tests.Training;

public sealed class ForwardProcessTests
{
    private static readonly NoiseCurve Curve = NoiseSchedule.Linear.Curve();

    [Fact]
    public void EverySampleOfAnyShapeHasItsOwnTimestep()
    {
        using var scope = NewDisposeScope();
        var (clean, noise) = (randn(2, 3, 5, generator: new Generator(1)), randn(2, 3, 5, generator: new Generator(2)));
        var both = ForwardProcess.AddNoise(Curve, clean, noise, tensor(new long[] { 30, 810 }));
        var second = ForwardProcess.AddNoise(Curve, clean[1], noise[1], tensor(810L));
        Assert.Equal(second.data<float>().ToArray(), both[1].data<float>().ToArray());
    }

    [Fact]
    public void NoiseAndVelocityGiveTheCleanSampleBack()
    {
        using var scope = NewDisposeScope();
        var (clean, noise, timesteps) = (randn(2, 1, 2, 2, generator: new Generator(1)), randn(2, 1, 2, 2, generator: new Generator(2)), tensor(new long[] { 0, 999 }));
        var (noisy, velocity) = (ForwardProcess.AddNoise(Curve, clean, noise, timesteps), ForwardProcess.Velocity(Curve, clean, noise, timesteps));
        for (var i = 0; i < 2; i++)
        {
            var alphaBar = Curve.AlphaBar(i == 0 ? 0 : 999);
            var back = (Math.Sqrt(alphaBar) * noisy[i]) - (Math.Sqrt(1 - alphaBar) * velocity[i]);
            Assert.InRange((back - clean[i]).abs().max().item<float>(), 0, 1e-6f);
        }
    }

    [Theory]
    [InlineData(new long[] { 0, 1000 }, "DIF0412")]
    [InlineData(new long[] { -1, 0 }, "DIF0412")]
    [InlineData(new long[] { 1, 2, 3 }, "DIF0410")]
    public void ATimestepThatCannotBeIsRefused(long[] timesteps, string id)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(id, Assert.Throws<DiffusionException>(() => ForwardProcess.AddNoise(Curve, zeros(2, 1), zeros(2, 1), tensor(timesteps))).Id);
    }

    [Fact]
    public void NoiseOfAnotherShapeIsRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => ForwardProcess.Velocity(Curve, zeros(2, 1), zeros(2, 2), tensor(1L))).Id);
    }
}
