using System;
using System.Linq;
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

    [Theory]
    [InlineData("linear", 3, 2, 2)]
    [InlineData("scaled_linear", 1, 5)]
    [InlineData("squaredcos_cap_v2", 2, 3)]
    public void EveryTimestepIsTheClosedForm(string name, params int[] shape)
    {
        using var scope = NewDisposeScope();
        var schedule = name switch { "linear" => NoiseSchedule.Linear, "scaled_linear" => NoiseSchedule.StableDiffusion, _ => NoiseSchedule.Cosine };
        var curve = schedule.Curve();
        var (clean, noise) = (Draw(1), Draw(2));
        var noisy = ForwardProcess.AddNoise(curve, clean, noise, arange(1000));
        var alphaBar = tensor(Enumerable.Range(0, 1000).Select(curve.AlphaBar).ToArray()).view([1000, .. shape.Select(_ => 1L)]);
        var expected = (alphaBar.sqrt() * clean) + ((1 - alphaBar).sqrt() * noise);
        Assert.Equal(0, (noisy - expected).abs().max().item<double>(), tolerance: 1e-6);

        Tensor Draw(ulong seed) => randn([1000, .. shape.Select(size => (long)size)], generator: new Generator(seed));
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
